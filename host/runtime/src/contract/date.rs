//! Dates as vendors give them.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

/// A date in an answer of a vendor. A date that cannot be read is not the absence of a date.
///
/// Compared with an `Option` of an instant, an unreadable date equals neither.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Date {
    /// The vendor gives none: never, or not known to the vendor.
    #[default]
    None,
    /// The instant.
    At(DateTime<Utc>),
    /// The vendor gives something that is not a date: its text.
    Unreadable(String),
}

impl Date {
    /// The instant, if there is one and it can be read.
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::At(instant) => Some(*instant),
            Self::None | Self::Unreadable(_) => None,
        }
    }

    /// Whether the vendor gives none.
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }

    /// The text that is not a date.
    pub fn unreadable(&self) -> Option<&str> {
        match self {
            Self::Unreadable(text) => Some(text),
            Self::None | Self::At(_) => None,
        }
    }
}

impl PartialEq<Option<DateTime<Utc>>> for Date {
    fn eq(&self, other: &Option<DateTime<Utc>>) -> bool {
        match self {
            Self::None => other.is_none(),
            Self::At(instant) => *other == Some(*instant),
            Self::Unreadable(_) => false,
        }
    }
}

/// `never`, the instant in RFC 3339, or the vendor's own text as something that could not be read.
impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => formatter.write_str("never"),
            Self::At(instant) => formatter.write_str(&instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
            Self::Unreadable(text) => write!(formatter, "unreadable ({})", text.escape_debug()),
        }
    }
}

/// `null`, a text in RFC 3339, or `{"unreadable": TEXT}`.
impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        match self {
            Self::None => serializer.serialize_none(),
            Self::At(instant) => instant.serialize(serializer),
            Self::Unreadable(text) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("unreadable", text)?;
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_states_are_never_confused() {
        let instant = DateTime::UNIX_EPOCH;
        let (none, at, unreadable) = (Date::None, Date::At(instant), Date::Unreadable("soon".to_owned()));
        assert!(none == None && at == Some(instant) && unreadable != None && unreadable != Some(instant));
        assert_eq!(serde_json::to_string(&none).unwrap(), "null");
        assert_eq!(serde_json::to_string(&at).unwrap(), "\"1970-01-01T00:00:00Z\"");
        assert_eq!(serde_json::to_string(&unreadable).unwrap(), r#"{"unreadable":"soon"}"#);
        assert_eq!(format!("{none}, {at}, {unreadable}"), "never, 1970-01-01T00:00:00Z, unreadable (soon)");
    }
}

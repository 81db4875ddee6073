//! Dates in answers.

use crate::Timestamp;
use crate::time::parse_lenient;

/// The longest text of a date that cannot be read, in characters.
const LONGEST: usize = 100;

/// A date in an answer of the vendor. One that cannot be read is not the absence of a date: an expiry that is not
/// understood must never pass for "never".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Date {
    /// The vendor gives none.
    #[default]
    None,
    /// The instant.
    At(Timestamp),
    /// The vendor gives something that cannot be read as a date: its text, at most 100 characters.
    Unreadable(String),
}

impl Date {
    /// Reads what [`parse_lenient`] reads.
    ///
    /// ```
    /// use keywright_sdk::{Date, parse_rfc3339};
    ///
    /// assert_eq!(Date::read("2035-07-06 11:00:00+0200").instant(), parse_rfc3339("2035-07-06T09:00:00Z"));
    /// assert_eq!(Date::read("soon"), Date::Unreadable("soon".to_owned()));
    /// ```
    pub fn read(text: &str) -> Self {
        Self::read_with(text, parse_lenient)
    }

    /// Reads a date with another reader, such as [`parse_http_date`](crate::parse_http_date).
    pub fn read_with(text: &str, parse: impl FnOnce(&str) -> Option<Timestamp>) -> Self {
        match parse(text) {
            Some(instant) => Self::At(instant),
            None => Self::unreadable(text),
        }
    }

    /// A date that is given and cannot be read.
    pub fn unreadable(text: &str) -> Self {
        Self::Unreadable(text.chars().take(LONGEST).collect())
    }

    /// The instant, if it is one.
    pub fn instant(&self) -> Option<Timestamp> {
        match self {
            Self::At(instant) => Some(*instant),
            Self::None | Self::Unreadable(_) => None,
        }
    }

    /// Whether the vendor gives none.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Whether the vendor gives something that cannot be read.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable(_))
    }
}

impl From<Timestamp> for Date {
    fn from(instant: Timestamp) -> Self {
        Self::At(instant)
    }
}

impl From<Option<Timestamp>> for Date {
    fn from(instant: Option<Timestamp>) -> Self {
        instant.map_or(Self::None, Self::At)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_date_is_kept_and_cut() {
        assert_eq!(Date::read(""), Date::Unreadable(String::new()));
        let long = "é".repeat(150);
        assert_eq!(Date::read(&long), Date::Unreadable("é".repeat(100)));
    }
}

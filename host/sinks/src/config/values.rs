//! Values of options: permissions and durations.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The permissions of a file that holds a secret, written in octal as for `chmod`: `0600`, which is the default, `0640`
/// for a group that reads it, or `0400` and `0440`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode(u32);

impl Mode {
    /// The bits.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0
    }
}

impl Default for Mode {
    fn default() -> Self {
        Self(0o600)
    }
}

impl FromStr for Mode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let octal = text.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
        match u32::from_str_radix(text, 8) {
            Ok(bits @ (0o400 | 0o440 | 0o600 | 0o640)) if octal => Ok(Self(bits)),
            _ => Err("the mode is not one of 0600, 0640, 0400 and 0440: no others may read or change a secret"),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04o}", self.0)
    }
}

/// How long a sink may take: `30s`, which is the default, or `2m`; from one second to one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimit(Duration);

impl TimeLimit {
    /// As a duration.
    #[must_use]
    pub fn duration(self) -> Duration {
        self.0
    }
}

impl Default for TimeLimit {
    fn default() -> Self {
        Self(Duration::from_secs(30))
    }
}

impl FromStr for TimeLimit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "the time limit is not a number of seconds or minutes such as 30s or 2m, from 1s to 60m";
        let (digits, unit) = match (text.strip_suffix('s'), text.strip_suffix('m')) {
            (Some(digits), _) => (digits, 1),
            (None, Some(digits)) => (digits, 60),
            (None, None) => return Err(FORM),
        };
        let number: u64 = digits.parse().map_err(|_| FORM)?;
        match number.checked_mul(unit) {
            Some(seconds @ 1..=3_600) => Ok(Self(Duration::from_secs(seconds))),
            _ => Err(FORM),
        }
    }
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}s", self.0.as_secs())
    }
}

/// Both are strings in a configuration.
macro_rules! as_string {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    };
}

as_string!(Mode);
as_string!(TimeLimit);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_lets_nobody_else_in() {
        assert_eq!("0640".parse::<Mode>().unwrap().bits(), 0o640);
        assert_eq!("600".parse::<Mode>().unwrap(), Mode::default());
        for wrong in ["0644", "0660", "0700", "4600", "0200", "+600", "", "rw"] {
            assert!(wrong.parse::<Mode>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_limit_has_a_unit() {
        assert_eq!("2m".parse::<TimeLimit>().unwrap().duration(), Duration::from_secs(120));
        assert_eq!("2m".parse::<TimeLimit>().unwrap().to_string(), "120s");
        for wrong in ["", "s", "0s", "30", "1.5s", "-1s", "61m", "3601s", "1h", "99999999999999999999s"] {
            assert!(wrong.parse::<TimeLimit>().is_err(), "{wrong}");
        }
    }
}

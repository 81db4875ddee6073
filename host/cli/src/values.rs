//! Values as they are written on the command line, and as they are shown: pairs, endpoints, durations and instants.

use std::str::FromStr;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use keywright_egress::{EndpointUrl, EndpointUrlError};

/// `NAME=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// What is before the first `=`.
    pub(crate) name: String,
    /// What is after it.
    pub(crate) value: String,
}

impl FromStr for Pair {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() => Ok(Self { name: name.to_owned(), value: value.to_owned() }),
            _ => Err("write NAME=VALUE".to_owned()),
        }
    }
}

/// `NAME=URL`, or a URL alone for an adapter with one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EndpointArg {
    /// The name of the endpoint, if it is given.
    pub(crate) name: Option<String>,
    /// Where it is.
    pub(crate) url: EndpointUrl,
}

impl FromStr for EndpointArg {
    type Err = EndpointUrlError;

    fn from_str(text: &str) -> Result<Self, EndpointUrlError> {
        let text = text.trim();
        match text.split_once('=') {
            Some((name, url)) if !name.contains([':', '/']) => {
                Ok(Self { name: Some(name.to_owned()), url: url.parse()? })
            }
            _ => Ok(Self { name: None, url: text.parse()? }),
        }
    }
}

/// Reads `30d`, `12h`, `90m`, `45s`, `2w` or several of them in a row, such as `1d12h`.
pub(crate) fn duration(text: &str) -> Result<TimeDelta, String> {
    const FORM: &str = "write a number with a unit, such as 30d, 12h, 90m or 45s";
    let mut total = TimeDelta::zero();
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at(digits);
        let number: i64 = number.parse().map_err(|_| FORM.to_owned())?;
        let mut units = after.chars();
        let seconds = match units.next() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3_600,
            Some('d') => 86_400,
            Some('w') => 604_800,
            _ => return Err(FORM.to_owned()),
        };
        let some = number.checked_mul(seconds).and_then(TimeDelta::try_seconds);
        total = some.and_then(|some| total.checked_add(&some)).ok_or("it is too long")?;
        rest = units.as_str();
    }
    if total > TimeDelta::zero() { Ok(total) } else { Err(FORM.to_owned()) }
}

/// When a credential shall end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExpiresAt {
    /// Then.
    Instant(DateTime<Utc>),
    /// Never.
    Never,
}

impl FromStr for ExpiresAt {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "never" {
            return Ok(Self::Never);
        }
        // Some vendors write the offset without its colon.
        DateTime::parse_from_rfc3339(text)
            .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
            .map(|instant| Self::Instant(instant.to_utc()))
            .map_err(|_| "write an RFC 3339 time such as 2027-01-31T12:00:00Z, or never".to_owned())
    }
}

/// So long from `now`, in whole seconds.
pub(crate) fn from_now(now: DateTime<Utc>, duration: TimeDelta) -> Option<DateTime<Utc>> {
    now.trunc_subsecs(0).checked_add_signed(duration)
}

/// A number of seconds as it is shown: in the largest unit that it is a whole number of, days at most.
pub(crate) fn seconds(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min")];
    match units.into_iter().find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit)) {
        Some((unit, name)) => format!("{} {name}", seconds / unit),
        None => format!("{seconds} s"),
    }
}

/// An instant as it is shown.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("30d"), Ok(TimeDelta::days(30)));
        assert_eq!(duration("12h"), Ok(TimeDelta::hours(12)));
        assert_eq!(duration("90m"), Ok(TimeDelta::minutes(90)));
        assert_eq!(duration("45s"), Ok(TimeDelta::seconds(45)));
        assert_eq!(duration("1w"), Ok(TimeDelta::weeks(1)));
        assert_eq!(duration("1d12h"), Ok(TimeDelta::hours(36)));
    }

    #[test]
    fn seconds_are_shown_in_a_unit_that_loses_nothing() {
        for (number, shown) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (90, "90 s"),
            (7_200, "2 h"),
            (86_400, "1 d"),
            (31_536_000, "365 d"),
        ] {
            assert_eq!(seconds(number), shown);
        }
    }

    #[test]
    fn a_malformed_duration_is_refused() {
        for text in ["", "30", "d", "-1d", "0d", "1.5h", "30 d", "30D", "1y", "99999999999999999999d"] {
            assert!(duration(text).is_err(), "{text}");
        }
        assert!(duration("9223372036854775807w").is_err());
    }

    #[test]
    fn instants_of_any_offset_become_utc() {
        let Ok(ExpiresAt::Instant(at)) = "2027-01-31T12:00:00+02:00".parse() else { panic!("it is an instant") };
        assert_eq!(instant(at), "2027-01-31T10:00:00Z");
        let Ok(ExpiresAt::Instant(at)) = "2027-01-31T12:00:00.000+0000".parse() else { panic!("it is an instant") };
        assert_eq!(instant(at), "2027-01-31T12:00:00Z");
        assert!("2027-01-31T12:00:00".parse::<ExpiresAt>().is_err(), "of which offset?");
        assert_eq!("never".parse(), Ok(ExpiresAt::Never));
        assert!("2027-01-31".parse::<ExpiresAt>().is_err());
    }

    #[test]
    fn a_pair_is_split_at_its_first_equals_sign() {
        let pair: Pair = "a=b=c".parse().unwrap();
        assert_eq!((pair.name.as_str(), pair.value.as_str()), ("a", "b=c"));
        assert_eq!("a=".parse::<Pair>().unwrap().value, "");
        assert!("a".parse::<Pair>().is_err());
        assert!("=b".parse::<Pair>().is_err());
    }

    #[test]
    fn an_endpoint_has_a_name_or_is_the_only_one() {
        let read = |text: &str| text.parse::<EndpointArg>().map(|arg| (arg.name, arg.url.to_string()));
        assert_eq!(read("https://127.0.0.1:1"), Ok((None, "https://127.0.0.1:1".to_owned())));
        assert_eq!(read("s3=https://127.0.0.1:1"), Ok((Some("s3".to_owned()), "https://127.0.0.1:1".to_owned())));
        assert_eq!(read("http://localhost:1/v2"), Ok((None, "http://localhost:1/v2".to_owned())));
        assert!(read("api=http://vendor.example").is_err(), "plain http goes to loopback addresses only");
        assert!(read("https://vendor.example/?a=b").is_err());
    }

    #[test]
    fn from_now_has_whole_seconds() {
        let now = DateTime::parse_from_rfc3339("2027-01-01T00:00:00.75Z").unwrap().to_utc();
        assert_eq!(instant(from_now(now, TimeDelta::days(1)).unwrap()), "2027-01-02T00:00:00Z");
    }
}

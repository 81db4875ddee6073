//! Instants.
//!
//! Every form is read by way of RFC 3339: one reader for all keeps components small.

pub use chrono::TimeDelta;
use chrono::{DateTime, SecondsFormat, Utc};

use crate::wire::bindings::wasi::clocks::wall_clock;

/// An instant, in UTC.
pub type Timestamp = DateTime<Utc>;

/// Now, by the clock of whoever runs the component.
pub fn now() -> Timestamp {
    let now = wall_clock::now();
    // A clock that is beyond what a date can say is as wrong as one that stands at the epoch.
    i64::try_from(now.seconds)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, now.nanoseconds))
        .unwrap_or_default()
}

/// The instant of a Unix time in seconds; none beyond what a date can say.
pub fn unix(seconds: i64) -> Option<Timestamp> {
    DateTime::from_timestamp(seconds, 0)
}

/// Reads an RFC 3339 date-time with any offset.
///
/// ```
/// use keywright_sdk::{parse_rfc3339, rfc3339};
///
/// let instant = parse_rfc3339("2035-07-06T11:00:00+02:00").unwrap();
/// assert_eq!(rfc3339(&instant), "2035-07-06T09:00:00Z");
/// assert_eq!(parse_rfc3339("tomorrow"), None);
/// ```
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.to_utc())
}

/// Reads RFC 3339 as vendors write it: with a space between day and time, with an offset `+0000` or `+00`; and a day alone,
/// as its beginning in UTC, which is no later than what may be meant. A time without an offset could mean any zone and is
/// not read: [`parse_utc`] is for vendors that document UTC.
///
/// ```
/// use keywright_sdk::{parse_lenient, parse_rfc3339};
///
/// let instant = parse_rfc3339("2035-07-06T09:00:00Z");
/// for text in ["2035-07-06T11:00:00+0200", "2035-07-06 09:00:00Z", "2035-07-06T10:00:00+01"] {
///     assert_eq!(parse_lenient(text), instant, "{text}");
/// }
/// assert_eq!(parse_lenient("2035-07-06"), parse_rfc3339("2035-07-06T00:00:00Z"));
/// assert_eq!(parse_lenient("2035-07-06T09:00:00"), None);
/// ```
pub fn parse_lenient(text: &str) -> Option<Timestamp> {
    lenient(text, "")
}

/// [`parse_lenient`], and a time without an offset as UTC.
///
/// ```
/// use keywright_sdk::{parse_rfc3339, parse_utc};
///
/// assert_eq!(parse_utc("2035-07-06 09:00:00"), parse_rfc3339("2035-07-06T09:00:00Z"));
/// ```
pub fn parse_utc(text: &str) -> Option<Timestamp> {
    lenient(text, "Z")
}

fn lenient(text: &str, zone: &str) -> Option<Timestamp> {
    const DAY: usize = "2035-07-06".len();
    let (day, rest) = text.trim().split_at_checked(DAY)?;
    if rest.is_empty() {
        return parse_rfc3339(&[day, "T00:00:00Z"].concat());
    }
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let (time, offset) = match time.find(['+', '-', 'Z', 'z']) {
        Some(at) => time.split_at(at),
        None => (time, zone),
    };
    let offset = match (offset.len(), offset.split_at_checked(3)) {
        (3, _) => [offset, ":00"].concat(),
        (5, Some((hours, minutes))) => [hours, ":", minutes].concat(),
        _ => offset.to_ascii_uppercase(),
    };
    parse_rfc3339(&[day, "T", time.trim_end(), &offset].concat())
}

/// Reads the one form of a date that HTTP has left (RFC 9110 section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn parse_http_date(text: &str) -> Option<Timestamp> {
    let part = |range: std::ops::Range<usize>| text.get(range);
    let date = [part(12..16)?, "-", month(part(8..11)?)?, "-", part(5..7)?, "T", part(17..25)?, "Z"].concat();
    parse_rfc3339(&date).filter(|_| text.len() == 29 && text.ends_with(" GMT"))
}

/// Reads a date of RFC 2822, as in mails and feeds: `Sun, 06 Nov 1994 08:49:37 +0000`. The day of the week and the seconds
/// may be missing; of the obsolete names of zones only `GMT`, `UT` and `Z` are read.
///
/// ```
/// use keywright_sdk::{parse_rfc2822, parse_rfc3339};
///
/// assert_eq!(parse_rfc2822("6 Nov 1994 09:49 +0100"), parse_rfc3339("1994-11-06T08:49:00Z"));
/// ```
pub fn parse_rfc2822(text: &str) -> Option<Timestamp> {
    let date = text.split_once(',').map_or(text, |(_, date)| date);
    let mut words = date.split_ascii_whitespace();
    let (day, month, year, time) = (words.next()?, month(words.next()?)?, words.next()?, words.next()?);
    let zone = match words.next()? {
        "GMT" | "UT" | "UTC" | "Z" => "Z",
        zone => zone,
    };
    let zero = if day.len() == 1 { "0" } else { "" };
    let seconds = if time.len() == 5 { ":00" } else { "" };
    let date = [year, "-", month, "-", zero, day, "T", time, seconds, zone].concat();
    lenient(&date, "").filter(|_| words.next().is_none())
}

/// The number of a month, by its English name of three letters.
fn month(name: &str) -> Option<&'static str> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const NUMBERS: &str = "010203040506070809101112";
    let month = (0..12).find(|month| MONTHS.get(month * 3..month * 3 + 3) == Some(name))?;
    NUMBERS.get(month * 2..month * 2 + 2)
}

/// Writes an instant as RFC 3339 in UTC with exactly three fraction digits, for vendors that read no other form.
///
/// ```
/// use keywright_sdk::{parse_rfc3339, rfc3339_millis};
///
/// let instant = parse_rfc3339("2035-07-06T11:00:00+02:00").unwrap();
/// assert_eq!(rfc3339_millis(&instant), "2035-07-06T09:00:00.000Z");
/// ```
pub fn rfc3339_millis(instant: &Timestamp) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Writes an instant as RFC 3339 in UTC, with as many fraction digits as it needs: none, three, six or nine.
pub fn rfc3339(instant: &Timestamp) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_http_is_read_and_nothing_else_is() {
        let date = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(date, parse_rfc3339("1994-11-06T08:49:37Z"));
        for text in ["", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Foo 1994 08:49:37 GMT"]
        {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
        assert_eq!(parse_http_date("Sun, 31 Feb 1994 08:49:37 GMT"), None);
        assert_eq!(parse_http_date("Sun, 06 Nov 1994 08:49:37 CET"), None);
        assert_eq!(parse_http_date("Sön, 06 Nov 1994 08:49:37 GMT"), None);
    }

    #[test]
    fn rfc_3339_is_read_as_vendors_write_it() {
        let instant = parse_rfc3339("2028-01-02T03:04:05.678Z");
        for text in [
            "2028-01-02T03:04:05.678Z",
            "2028-01-02t03:04:05.678z",
            " 2028-01-02 03:04:05.678+0000 ",
            "2028-01-02 03:04:05.678 +00:00",
            "2028-01-01T22:04:05.678-05",
        ] {
            assert_eq!(parse_lenient(text), instant, "{text}");
        }
        for text in ["", "Z", "é", "tomorrow", "2028-01-02T03:04:05", "2028-13-02T03:04:05Z", "2028-01-0é", "20280102"]
        {
            assert_eq!(parse_lenient(text), None, "{text}");
        }
        assert_eq!(parse_lenient("2028-01-02T03:04:05+é0"), None);
    }

    #[test]
    fn a_date_of_a_mail_is_read() {
        let instant = parse_rfc3339("1994-11-06T08:49:37Z");
        for text in ["Sun, 06 Nov 1994 08:49:37 +0000", "Sun, 6 Nov 1994 09:49:37 +0100", "6 Nov 1994 08:49:37 GMT"] {
            assert_eq!(parse_rfc2822(text), instant, "{text}");
        }
        for text in ["", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 EST", "6 Nov 1994 08:49 GMT x"] {
            assert_eq!(parse_rfc2822(text), None, "{text}");
        }
    }
}

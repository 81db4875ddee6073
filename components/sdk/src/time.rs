//! Instants.

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

/// Reads the one form of a date that HTTP has left (RFC 9110 section 5.6.7), by way of RFC 3339: a reader of other forms, which
/// are obsolete, would be as large as a whole adapter.
pub(crate) fn parse_http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const NUMBERS: &str = "010203040506070809101112";
    // Sun, 06 Nov 1994 08:49:37 GMT
    let part = |range: std::ops::Range<usize>| text.get(range);
    let name = part(8..11)?;
    let month = (0..12).find(|month| MONTHS.get(month * 3..month * 3 + 3) == Some(name))?;
    let month = NUMBERS.get(month * 2..month * 2 + 2)?;
    let date = [part(12..16)?, "-", month, "-", part(5..7)?, "T", part(17..25)?, "Z"].concat();
    parse_rfc3339(&date).filter(|_| text.len() == 29 && text.ends_with(" GMT"))
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
}

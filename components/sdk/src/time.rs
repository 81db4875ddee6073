//! Instants.

pub use chrono::TimeDelta;
use chrono::{DateTime, SecondsFormat, Utc};

use crate::wire::bindings::wasi::clocks::wall_clock;

/// An instant, in UTC.
pub type Timestamp = DateTime<Utc>;

/// Now, by the clock of whoever runs the component.
pub(crate) fn now() -> Timestamp {
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

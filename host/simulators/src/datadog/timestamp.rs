//! Points in time as the API writes and reads them.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

/// In UTC with microseconds and `+00:00`, never `Z` (recorded answers of the live API).
pub(super) fn text(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}

/// The earliest instant of a filter: RFC 3339, or a date alone, which begins at midnight. The form that the API reads is
/// not documented; this is a choice.
pub(super) fn start(text: &str) -> Option<DateTime<Utc>> {
    instant(text).or_else(|| midnight(text))
}

/// The latest instant of a filter, which is included: RFC 3339, or a date alone, which ends with its day.
pub(super) fn end(text: &str) -> Option<DateTime<Utc>> {
    instant(text).or_else(|| midnight(text)?.checked_add_signed(TimeDelta::days(1) - TimeDelta::microseconds(1)))
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.to_utc())
}

fn midnight(text: &str) -> Option<DateTime<Utc>> {
    Some(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_with_six_digits_and_an_offset() {
        let instant = start("2021-08-03T10:39:13.6+02:00").unwrap();
        assert_eq!(text(instant), "2021-08-03T08:39:13.600000+00:00");
    }

    #[test]
    fn a_date_alone_is_the_whole_day() {
        assert_eq!(text(start("2021-08-03").unwrap()), "2021-08-03T00:00:00.000000+00:00");
        assert_eq!(text(end("2021-08-03").unwrap()), "2021-08-03T23:59:59.999999+00:00");
        assert_eq!(start("tomorrow").or(end("03.08.2021")), None);
    }
}

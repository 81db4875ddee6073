//! Dates as the providers write them.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

/// With the time and the zone.
const FORMS: [&str; 2] = [
    // OUTSCALE: `2026-06-10T16:12:40.585+0000`.
    "%Y-%m-%dT%H:%M:%S%.f%z",
    // The example of a draft of Gcore's provider: `2021-01-01 12:00:00+00:00`.
    "%Y-%m-%d %H:%M:%S%.f%z",
];

/// Reads a date with its time and zone, or a date alone, which OUTSCALE's and Imperva's providers take: the beginning of that
/// day in UTC. **Choice**: the earliest moment that it can mean. `None` for anything else, above all a time without a zone.
pub(crate) fn read(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(day.and_time(NaiveTime::MIN).and_utc());
    }
    let rfc3339 = DateTime::parse_from_rfc3339(text).ok();
    let other = || FORMS.iter().find_map(|form| DateTime::parse_from_str(text, form).ok());
    rfc3339.or_else(other).map(|date| date.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_an_instant() {
        for (text, instant) in [
            ("2027-09-12T10:33:29Z", "2027-09-12T10:33:29+00:00"),
            ("2027-01-01T12:00:00.000000Z", "2027-01-01T12:00:00+00:00"),
            ("2027-01-01T02:00:00+02:00", "2027-01-01T00:00:00+00:00"),
            ("2026-06-10T16:12:40.585+0000", "2026-06-10T16:12:40.585+00:00"),
            ("2021-01-01 12:00:00+00:00", "2021-01-01T12:00:00+00:00"),
            ("2028-01-01", "2028-01-01T00:00:00+00:00"),
        ] {
            assert_eq!(read(text).map(|date| date.to_rfc3339()).as_deref(), Some(instant), "{text}");
        }
    }

    #[test]
    fn what_may_mean_several_instants_is_not_a_date() {
        for text in
            ["", "never", "2027-09-12T10:33:29", "2027-13-01", "01/02/2027", "1790000000", "2027-09-12T25:00:00Z"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

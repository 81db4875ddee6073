//! Points in time as the API writes them.

use chrono::{DateTime, Utc};

use super::quirks::DateForm;

/// In UTC, with microseconds and `Z`; or in the form of an older example.
pub(super) fn text(instant: DateTime<Utc>, form: DateForm) -> String {
    let format = match form {
        DateForm::Rfc3339 => "%Y-%m-%dT%H:%M:%S%.6fZ",
        DateForm::Spaced => "%Y-%m-%d %H:%M:%S+00:00",
    };
    instant.format(format).to_string()
}

/// Reads RFC 3339 with any offset, also with a space for the `T`.
pub(super) fn parse(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_in_two_forms() {
        let instant = parse("2027-01-01T13:00:00.5+01:00").unwrap();
        assert_eq!(text(instant, DateForm::Rfc3339), "2027-01-01T12:00:00.500000Z");
        assert_eq!(text(instant, DateForm::Spaced), "2027-01-01 12:00:00+00:00");
    }

    #[test]
    fn a_date_without_a_time_or_an_offset_is_refused() {
        for text in ["2027-01-01", "2027-01-01T12:00:00", "tomorrow", ""] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

//! Dates as the API writes them.

use chrono::{DateTime, NaiveDateTime, Utc};

const FORM: &str = "%Y-%m-%dT%H:%M:%SZ";

/// Reads `YYYY-MM-DDTHH:mm:ssZ`, in UTC and whole seconds (the provider's acceptance test sends it so). What becomes of
/// other forms, the date alone of the Terraform page among them, is unknown; refusing them is a choice.
pub(super) fn read(text: &str) -> Option<DateTime<Utc>> {
    (text.len() == "YYYY-MM-DDTHH:mm:ssZ".len())
        .then(|| NaiveDateTime::parse_from_str(text, FORM).ok())?
        .map(|date| date.and_utc())
}

/// Writes the same.
pub(super) fn write(date: DateTime<Utc>) -> String {
    date.format(FORM).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_it_was_read() {
        for text in ["2030-12-31T23:59:59Z", "2026-09-12T10:33:29Z"] {
            assert_eq!(write(read(text).unwrap()), text);
        }
    }

    #[test]
    fn other_forms_are_no_dates() {
        for text in ["2030-12-31", "2030-12-31T23:59:59", "2030-12-31T23:59:59.5Z", "2030-12-31T23:59:59+01:00", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

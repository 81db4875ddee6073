//! Points in time as the API reads and writes them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound as _, Utc};

use super::quirks::DateForm;

/// Reads a date or a date and time of ISO 8601, basic or extended, which is in UTC unless it says otherwise (user guide). What
/// is finer than a millisecond is dropped: a choice.
pub(super) fn parse(text: &str) -> Option<DateTime<Utc>> {
    const TIMES: [&str; 4] = ["%Y-%m-%dT%H:%M:%S%.fZ", "%Y%m%dT%H%M%S%.fZ", "%Y-%m-%dT%H:%M:%S%.f", "%Y%m%dT%H%M%S%.f"];
    let day = |format| NaiveDate::parse_from_str(text, format).ok()?.and_hms_opt(0, 0, 0);
    let time = |format: &&str| NaiveDateTime::parse_from_str(text, format).ok();
    let date = if text.contains('T') {
        match DateTime::parse_from_rfc3339(text) {
            Ok(date) => Some(date.naive_utc()),
            Err(_) => TIMES.iter().find_map(time),
        }
    } else {
        day(if text.contains('-') { "%Y-%m-%d" } else { "%Y%m%d" })
    };
    date.map(|date| date.and_utc().trunc_subsecs(3))
}

/// Writes one. The examples of the API description have the offset without a colon.
pub(super) fn write(date: DateTime<Utc>, form: DateForm) -> String {
    date.format(match form {
        DateForm::Offset => "%Y-%m-%dT%H:%M:%S%.3f+0000",
        DateForm::Zulu => "%Y-%m-%dT%H:%M:%S%.3fZ",
        DateForm::Seconds => "%Y-%m-%dT%H:%M:%SZ",
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_every_form_of_the_user_guide() {
        let midnight = "2020-06-14T00:00:00.000+0000";
        for text in
            ["2020-06-14T00:00:00.000Z", "2020-06-14", "20200614T000000Z", "20200614", "2020-06-14T02:00:00+02:00"]
        {
            assert_eq!(parse(text).map(|date| write(date, DateForm::Offset)).as_deref(), Some(midnight), "{text}");
        }
        for text in ["", "tomorrow", "2020-06-31", "14/06/2020", "2020-06-14T"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_is_written_in_every_form_that_was_seen() {
        let date = parse("2028-01-02T03:04:05.678Z").unwrap();
        assert_eq!(write(date, DateForm::Offset), "2028-01-02T03:04:05.678+0000");
        assert_eq!(write(date, DateForm::Zulu), "2028-01-02T03:04:05.678Z");
        assert_eq!(write(date, DateForm::Seconds), "2028-01-02T03:04:05Z");
    }
}

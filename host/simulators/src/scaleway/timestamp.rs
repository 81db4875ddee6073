//! Points in time as the API writes them.

use chrono::{DateTime, Timelike as _, Utc};
use serde::{Serialize, Serializer};

/// A point in time, answered in UTC with as many fraction digits as it was given with. The recorded answers show no
/// digits and three; for other numbers this is a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timestamp {
    pub(super) instant: DateTime<Utc>,
    fraction_digits: usize,
}

impl Timestamp {
    /// One of the vendor's own: six fraction digits, always.
    pub(super) fn own(instant: DateTime<Utc>) -> Self {
        Self { instant, fraction_digits: 6 }
    }

    /// Reads RFC 3339 with any offset.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let instant = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
        let fraction_digits =
            text.split_once('.').map_or(0, |(_, rest)| rest.bytes().take_while(u8::is_ascii_digit).take(9).count());
        Some(Self { instant, fraction_digits })
    }

    fn text(self) -> String {
        let mut text = self.instant.format("%Y-%m-%dT%H:%M:%S").to_string();
        if self.fraction_digits > 0 {
            // A leap second counts its nanoseconds on past one billion.
            let nanoseconds = format!("{:09}", self.instant.nanosecond() % 1_000_000_000);
            text.push('.');
            text.extend(nanoseconds.chars().take(self.fraction_digits));
        }
        text.push('Z');
        text
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_answered_in_utc_with_the_precision_given() {
        let cases = [
            ("2035-07-06T11:00:00+02:00", "2035-07-06T09:00:00Z"),
            ("2027-03-24T15:10:40.879Z", "2027-03-24T15:10:40.879Z"),
            ("2027-03-24T15:10:40.500000000-00:30", "2027-03-24T15:40:40.500000000Z"),
            ("2027-03-24T15:10:40.0Z", "2027-03-24T15:10:40.0Z"),
        ];
        for (given, answered) in cases {
            assert_eq!(Timestamp::parse(given).unwrap().text(), answered);
        }
    }

    #[test]
    fn the_vendors_own_timestamps_have_six_digits() {
        let instant = Timestamp::parse("2026-06-10T16:12:40.5Z").unwrap().instant;
        assert_eq!(Timestamp::own(instant).text(), "2026-06-10T16:12:40.500000Z");
    }

    #[test]
    fn a_date_without_a_time_or_an_offset_is_no_timestamp() {
        for text in ["2035-07-06", "2035-07-06T11:00:00", "tomorrow", ""] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}

//! Local times that are there twice, or not at all.

use chrono::{DateTime, Datelike, LocalResult, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::ScheduleError;

pub(super) fn parse(name: &str) -> Result<Tz, ScheduleError> {
    name.parse().map_err(|_| ScheduleError::TimeZone(name.to_owned()))
}

/// When a minute of a day begins, counted from midnight and up to two days; the first of two where clocks are set back,
/// and the end of the gap where they are set forward and there is no such minute.
pub(super) fn instant(zone: Tz, date: NaiveDate, minute: u16) -> Option<DateTime<Utc>> {
    let local = date.and_hms_opt(0, 0, 0)?.checked_add_signed(TimeDelta::try_minutes(i64::from(minute))?)?;
    // No gap is longer than a day: Samoa once left one out.
    (0..=1_440).find_map(|more| {
        let local = local.checked_add_signed(TimeDelta::try_minutes(more)?)?;
        match zone.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.with_timezone(&Utc)),
            LocalResult::None => None,
        }
    })
}

/// The date there, some days on.
pub(super) fn date(zone: Tz, at: DateTime<Utc>, days: i64) -> Option<NaiveDate> {
    let date = at.with_timezone(&zone).date_naive();
    let date = date.checked_add_signed(TimeDelta::try_days(days)?)?;
    (date.year() < 9_999).then_some(date)
}

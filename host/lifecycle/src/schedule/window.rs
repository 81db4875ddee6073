//! Maintenance windows.

use chrono::{DateTime, Datelike, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{ScheduleError, zone};

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// How many days are looked through: a week, and what a clock change may leave out of it.
const DAYS: i64 = 16;

/// Hour and minute of a day, from `00:00` to `24:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

/// When rotations may begin: on some days of the week, from a time to a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Window {
    days: Vec<Weekday>,
    opens: TimeOfDay,
    closes: TimeOfDay,
    zone: Tz,
}

/// As it is written down.
#[derive(Serialize, Deserialize)]
struct Written {
    #[serde(default)]
    days: Vec<Weekday>,
    opens: TimeOfDay,
    closes: TimeOfDay,
    #[serde(default = "utc")]
    time_zone: String,
}

fn utc() -> String {
    "UTC".to_owned()
}

impl Window {
    /// A window on these days, or on all when there are none. One that closes before it opens closes on the day after. Of
    /// a time that is there twice, the first counts.
    ///
    /// # Errors
    ///
    /// When there is no such time zone, or it is never open.
    pub fn new(days: &[Weekday], opens: TimeOfDay, closes: TimeOfDay, time_zone: &str) -> Result<Self, ScheduleError> {
        if opens == closes {
            return Err(ScheduleError::EmptyWindow(opens));
        }
        Ok(Self { days: days.to_vec(), opens, closes, zone: zone::parse(time_zone)? })
    }

    /// This time, when it is open then; else when it opens next.
    pub fn next(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let spans = (-2..DAYS).filter_map(|days| self.span(at, days));
        // A window that a clock change leaves out for two weeks is none.
        spans.filter(|(_, closes)| *closes > at).map(|(opens, _)| opens.max(at)).min().unwrap_or(at)
    }

    /// The start of the last time that it is open before this time, or is open then.
    pub fn last(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let spans = (-DAYS..=1).filter_map(|days| self.span(at, days));
        spans.map(|(opens, _)| opens).filter(|opens| *opens <= at).max()
    }

    /// From when to when it is open, on the day that is so many days after this time.
    fn span(&self, at: DateTime<Utc>, days: i64) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let date = zone::date(self.zone, at, days)?;
        if !self.days.is_empty() && !self.days.contains(&date.weekday()) {
            return None;
        }
        let closes = if self.closes < self.opens { self.closes.0 + DAY } else { self.closes.0 };
        let opens = zone::instant(self.zone, date, self.opens.0)?;
        let closes = zone::instant(self.zone, date, closes)?;
        // A clock that is set forward may leave nothing of it.
        (opens < closes).then_some((opens, closes))
    }
}

impl TryFrom<Written> for Window {
    type Error = ScheduleError;

    fn try_from(written: Written) -> Result<Self, ScheduleError> {
        Self::new(&written.days, written.opens, written.closes, &written.time_zone)
    }
}

impl From<Window> for Written {
    fn from(window: Window) -> Self {
        let Window { days, opens, closes, zone } = window;
        Self { days, opens, closes, time_zone: zone.name().to_owned() }
    }
}

impl std::str::FromStr for TimeOfDay {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let number = |part: &str| {
            let is_written = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            is_written.then(|| part.parse::<u16>().ok()).flatten()
        };
        let read = || {
            let (hour, minute) = text.split_once(':')?;
            let (hour, minute) = (number(hour)?, number(minute).filter(|minute| *minute < 60)?);
            Some(hour * 60 + minute).filter(|time| *time <= DAY)
        };
        read().map(Self).ok_or_else(|| ScheduleError::TimeOfDay(text.to_owned()))
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = ScheduleError;

    fn try_from(text: String) -> Result<Self, ScheduleError> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

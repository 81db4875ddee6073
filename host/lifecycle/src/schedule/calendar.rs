//! Cron expressions.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use serde::{Deserialize, Serialize};

use super::{ScheduleError, zone};

/// A cron expression of five fields, in a time zone. Where clocks are set forward, what falls into the gap is at its end;
/// where they are set back, what is there twice counts once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Calendar {
    // A parsed expression is large, and most policies have none.
    cron: Box<Cron>,
    zone: Tz,
}

/// As it is written down.
#[derive(Serialize, Deserialize)]
struct Written {
    expression: String,
    #[serde(default = "utc")]
    time_zone: String,
}

fn utc() -> String {
    "UTC".to_owned()
}

impl Calendar {
    /// A cron expression such as `30 2 * * 1-5`, and the name of a time zone such as `Europe/Paris`.
    ///
    /// # Errors
    ///
    /// When either cannot be read, or the expression never matches.
    pub fn new(expression: &str, time_zone: &str) -> Result<Self, ScheduleError> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(expression).map_err(|cause| ScheduleError::Expression {
            expression: expression.to_owned(),
            cause: cause.to_string().trim_end_matches('.').to_owned(),
        })?;
        let calendar = Self { cron: Box::new(cron), zone: zone::parse(time_zone)? };
        match calendar.after(DateTime::UNIX_EPOCH) {
            Some(_) => Ok(calendar),
            None => Err(ScheduleError::Never(expression.to_owned())),
        }
    }

    /// The expression.
    pub fn expression(&self) -> &str {
        self.cron.as_str()
    }

    /// The first match after a time.
    pub fn after(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let next = self.cron.find_next_occurrence(&at.with_timezone(&self.zone), false).ok()?;
        Some(next.with_timezone(&Utc))
    }
}

impl TryFrom<Written> for Calendar {
    type Error = ScheduleError;

    fn try_from(written: Written) -> Result<Self, ScheduleError> {
        Self::new(&written.expression, &written.time_zone)
    }
}

impl From<Calendar> for Written {
    fn from(calendar: Calendar) -> Self {
        Self { expression: calendar.expression().to_owned(), time_zone: calendar.zone.name().to_owned() }
    }
}

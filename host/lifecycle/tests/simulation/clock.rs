//! Simulated time: seconds since the simulation began.

use chrono::{DateTime, TimeDelta, Utc};

/// Seconds since the simulation began.
pub(crate) type Time = u64;

/// A time that never comes.
pub(crate) const NEVER: Time = u64::MAX;

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap()
}

/// As the engine has it.
pub(crate) fn date(time: Time) -> DateTime<Utc> {
    start() + TimeDelta::seconds(i64::try_from(time).unwrap())
}

/// As the simulation has it.
pub(crate) fn time(date: DateTime<Utc>) -> Time {
    u64::try_from((date - start()).num_seconds()).unwrap_or_default()
}

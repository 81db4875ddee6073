//! Times and numbers as columns have them.

use chrono::{DateTime, Utc};
use keywright_lifecycle::Status;
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::StrDeserializer;

use crate::error::StoreError;

/// A time in microseconds since 1970. What is finer is cut off.
pub(super) fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

pub(super) fn time(micros: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| StoreError::Damaged("a time is beyond all calendars".to_owned()))
}

pub(super) fn optional_time(micros: Option<i64>) -> Result<Option<DateTime<Utc>>, StoreError> {
    micros.map(time).transpose()
}

/// A number that counts up from 1, for a column.
pub(super) fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Misuse(format!("the number {number} is beyond 2^63")))
}

pub(super) fn unsigned(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Damaged("a number is below zero".to_owned()))
}

/// A status by its name.
pub(super) fn status(name: &str) -> Result<Status, StoreError> {
    let name: StrDeserializer<'_, serde::de::value::Error> = name.into_deserializer();
    Status::deserialize(name)
        .map_err(|_| StoreError::Damaged("a generation has a status that does not exist".to_owned()))
}

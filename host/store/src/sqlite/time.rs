//! The store's clock: kept in the database, so that all programs on one file have the same.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::column::micros;
use super::failure::Failure;
use crate::clock::{Moment, WallClock};

#[derive(Clone)]
pub(super) struct StoreClock {
    wall: Arc<dyn WallClock>,
    /// The latest time that was given here: most of what asks for it writes nothing.
    latest: Arc<Mutex<Moment>>,
}

impl StoreClock {
    pub(super) fn new(wall: Arc<dyn WallClock>) -> Self {
        Self { wall, latest: Arc::new(Mutex::new(Moment { store: i64::MIN, wall: i64::MAX })) }
    }

    /// The time, in microseconds since 1970.
    pub(super) fn read(&self, connection: &Connection) -> Result<i64, Failure> {
        Ok(self.moment(connection)?.store)
    }

    /// The time of a transaction that writes, which is written down with it.
    pub(super) fn tick(&self, transaction: &Connection) -> Result<i64, Failure> {
        let Moment { store, wall } = self.moment(transaction)?;
        transaction.prepare_cached("UPDATE clock SET store = ?1, wall = ?2")?.execute((store, wall))?;
        Ok(store)
    }

    fn moment(&self, connection: &Connection) -> Result<Moment, Failure> {
        let last = connection
            .prepare_cached("SELECT store, wall FROM clock")?
            .query_one([], |row| Ok(Moment { store: row.get(0)?, wall: row.get(1)? }))?;
        let wall = micros(self.wall.now());
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let store = last.next(wall).store.max(latest.next(wall).store);
        *latest = Moment { store, wall };
        Ok(*latest)
    }
}

/// This much later; at the end of time when that is beyond it.
pub(super) fn after(at: i64, time: Duration) -> i64 {
    let time = i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
    at.saturating_add(time).min(micros(DateTime::<Utc>::MAX_UTC))
}

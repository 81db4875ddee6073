//! Leases: taken, prolonged, given back.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _};

use super::column::{micros, optional_time, signed, time, unsigned};
use super::failure::Failure;
use super::time::{StoreClock, after};
use super::worker::Session;
use super::{read, write};
use crate::error::StoreError;
use crate::lease::{Claim, Lease};

pub(super) fn claim(
    session: &mut Session,
    clock: &StoreClock,
    name: &str,
    node: &str,
    term: Duration,
) -> Result<Claim, Failure> {
    let transaction = write::begin(session)?;
    let now = clock.tick(&transaction)?;
    let held = transaction
        .prepare_cached("SELECT number, lease_owner, lease_until FROM credential WHERE name = ?1")?
        .query_one([name], |row| Ok((row.get(0)?, row.get::<_, Option<String>>(1)?, row.get(2)?)))
        .optional()?;
    let (number, owner, until): (i64, _, i64) = held.ok_or_else(|| StoreError::Unknown(name.to_owned()))?;
    if let Some(owner) = owner.filter(|owner| owner != node && until > now) {
        // Whoever tries again in another process sees time pass, though the wall clock was set back.
        transaction.commit()?;
        return Err(StoreError::Busy { credential: name.to_owned(), node: owner, until: time(until)? }.into());
    }
    let claim = take(&transaction, number, node, now, term)?;
    transaction.commit()?;
    Ok(claim)
}

pub(super) fn claim_due(
    session: &mut Session,
    clock: &StoreClock,
    node: &str,
    term: Duration,
) -> Result<Option<Claim>, Failure> {
    let transaction = write::begin(session)?;
    let now = clock.tick(&transaction)?;
    let due = first(
        &transaction,
        "SELECT due, number FROM credential
         WHERE due <= ?1 AND (lease_owner IS NULL OR lease_until <= ?1) ORDER BY due, number LIMIT 1",
        now,
    )?;
    // Whoever let a lease run out has broken down at work.
    let left = first(
        &transaction,
        "SELECT lease_until, number FROM credential
         WHERE lease_owner IS NOT NULL AND lease_until <= ?1 ORDER BY lease_until, number LIMIT 1",
        now,
    )?;
    let Some((_, number)) = due.into_iter().chain(left).min() else { return Ok(None) };
    let claim = take(&transaction, number, node, now, term)?;
    transaction.commit()?;
    Ok(Some(claim))
}

fn first(connection: &Connection, sql: &str, now: i64) -> Result<Option<(i64, i64)>, Failure> {
    let row = connection.prepare_cached(sql)?.query_one([now], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(row)
}

fn take(connection: &Connection, number: i64, node: &str, now: i64, term: Duration) -> Result<Claim, Failure> {
    let until = after(now, term);
    let (credential, epoch) = connection
        .prepare_cached(
            "UPDATE credential SET lease_owner = ?2, lease_epoch = lease_epoch + 1, lease_until = ?3, rev = rev + 1
             WHERE number = ?1 RETURNING name, lease_epoch",
        )?
        .query_one((number, node, until), |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let lease = Lease { credential, node: node.to_owned(), epoch: unsigned(epoch)?, until: time(until)? };
    let snapshot = read::snapshot(connection, &lease.credential, now)?
        .ok_or_else(|| StoreError::Damaged(format!("the state of `{}` is missing", lease.credential)))?;
    Ok(Claim { lease, snapshot })
}

/// Never an insertion, and never of a lease that is someone else's: what was lost stays lost.
pub(super) fn renew(
    session: &mut Session,
    clock: &StoreClock,
    lease: &Lease,
    term: Duration,
) -> Result<Lease, Failure> {
    let transaction = write::begin(session)?;
    let now = clock.tick(&transaction)?;
    let until = transaction
        .prepare_cached(
            "UPDATE credential SET lease_until = max(lease_until, ?4), rev = rev + 1
             WHERE name = ?1 AND lease_owner = ?2 AND lease_epoch = ?3 RETURNING lease_until",
        )?
        .query_one((&lease.credential, &lease.node, signed(lease.epoch)?, after(now, term)), |row| row.get(0))
        .optional()?;
    let until = until.ok_or_else(|| lost(&transaction, lease))?;
    transaction.commit()?;
    Ok(Lease { until: time(until)?, ..lease.clone() })
}

pub(super) fn release(
    session: &mut Session,
    clock: &StoreClock,
    lease: &Lease,
    due: Option<DateTime<Utc>>,
) -> Result<(), Failure> {
    let transaction = write::begin(session)?;
    clock.tick(&transaction)?;
    let changed = transaction
        .prepare_cached(
            "UPDATE credential SET lease_owner = NULL, lease_until = 0, due = ?4, rev = rev + 1
             WHERE name = ?1 AND lease_owner = ?2 AND lease_epoch = ?3",
        )?
        .execute((&lease.credential, &lease.node, signed(lease.epoch)?, due.map(micros)))?;
    if changed == 0 {
        return Err(lost(&transaction, lease));
    }
    transaction.commit()?;
    Ok(())
}

/// Why no row fits a lease.
pub(super) fn lost(connection: &Connection, lease: &Lease) -> Failure {
    let known = connection
        .prepare_cached("SELECT 1 FROM credential WHERE name = ?1")
        .and_then(|mut statement| statement.exists([&lease.credential]));
    match known {
        Ok(true) => StoreError::LeaseLost(lease.credential.clone()).into(),
        Ok(false) => StoreError::Unknown(lease.credential.clone()).into(),
        Err(error) => error.into(),
    }
}

/// Who holds a lease that is not over.
pub(super) fn holder(
    owner: Option<String>,
    until: i64,
    now: i64,
) -> Result<Option<(String, DateTime<Utc>)>, StoreError> {
    let until = optional_time(Some(until).filter(|until| *until > now))?;
    Ok(owner.zip(until))
}

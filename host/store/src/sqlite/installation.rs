//! The installation, the credentials that it knows, and the key that its secrets are sealed under.

use keywright_lifecycle::State;
use rusqlite::{Connection, OptionalExtension as _};

use super::column::{signed, unsigned};
use super::failure::Failure;
use super::time::StoreClock;
use super::worker::Session;
use super::{read, write};
use crate::error::StoreError;
use crate::model::{Installation, NewCredential, SealedRow, Snapshot};

pub(super) fn read(connection: &Connection) -> Result<Option<Installation>, Failure> {
    let installation = connection
        .prepare_cached("SELECT id, key, key_record FROM installation")?
        .query_one([], |row| Ok(Installation { id: row.get(0)?, key: row.get(1)?, key_record: row.get(2)? }))
        .optional()?;
    Ok(installation)
}

pub(super) fn initialise(session: &mut Session, installation: &Installation) -> Result<(), Failure> {
    let transaction = write::begin(session)?;
    let Installation { id, key, key_record } = installation;
    let made = transaction
        .prepare_cached("INSERT INTO installation VALUES (1, ?1, ?2, ?3) ON CONFLICT DO NOTHING")?
        .execute((id, key, key_record))?;
    if made == 0 {
        let message = "the store is initialised already: use it as it is, or give the path of a new one";
        return Err(StoreError::Installation(message).into());
    }
    transaction.commit()?;
    Ok(())
}

pub(super) fn replace_key(session: &mut Session, expected: &str, installation: &Installation) -> Result<(), Failure> {
    let transaction = write::begin(session)?;
    let Some(present) = read(&transaction)? else {
        let message = "the store is not initialised: run `keywright init`";
        return Err(StoreError::Installation(message).into());
    };
    if present.key != expected {
        let message = "the key was replaced by another program meanwhile: look at it, then try again";
        return Err(StoreError::Installation(message).into());
    }
    let Installation { id, key, key_record } = installation;
    if present.id != *id {
        let message = "the key is one of another installation: use the key of this one";
        return Err(StoreError::Installation(message).into());
    }
    transaction.prepare_cached("UPDATE installation SET key = ?1, key_record = ?2")?.execute((key, key_record))?;
    transaction.commit()?;
    // What the key record was is of no use any more, and is not to be found either.
    session.has_stale_log();
    Ok(())
}

pub(super) fn sealed_under_others(connection: &Connection, key: &str, limit: u32) -> Result<Vec<SealedRow>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT name, id, generation, sealed FROM secret JOIN credential ON credential.number = secret.credential
         WHERE key <> ?1 ORDER BY credential.number, generation LIMIT ?2",
    )?;
    let mut rows = statement.query((key, limit))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(SealedRow {
            credential: row.get(0)?,
            id: row.get(1)?,
            generation: unsigned(row.get(2)?)?,
            sealed: row.get(3)?,
        });
    }
    Ok(found)
}

pub(super) fn reseal(session: &mut Session, rows: &[(SealedRow, Vec<u8>, String)]) -> Result<u64, Failure> {
    let transaction = write::begin(session)?;
    let mut changed = 0;
    {
        // Nothing is inserted: a secret that was destroyed meanwhile stays destroyed.
        let mut update = transaction.prepare_cached(
            "UPDATE secret SET sealed = ?4, key = ?5
             WHERE credential = (SELECT number FROM credential WHERE name = ?1) AND generation = ?2 AND sealed = ?3",
        )?;
        for (row, sealed, key) in rows {
            changed += update.execute((&row.credential, signed(row.generation)?, &row.sealed, sealed, key))?;
        }
    }
    transaction.commit()?;
    session.has_stale_log();
    Ok(u64::try_from(changed).unwrap_or(u64::MAX))
}

pub(super) fn register(
    session: &mut Session,
    clock: &StoreClock,
    credential: &NewCredential,
) -> Result<Snapshot, Failure> {
    let NewCredential { name, id, account, vendor } = credential;
    if name.is_empty() {
        return Err(StoreError::Misuse("a credential without a name was to be registered".to_owned()).into());
    }
    let transaction = write::begin(session)?;
    let now = clock.tick(&transaction)?;
    let number: Option<i64> = transaction
        .prepare_cached(
            "INSERT INTO credential (name, id, account, vendor) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO NOTHING RETURNING number",
        )?
        .query_one((name, id, account, vendor), |row| row.get(0))
        .optional()?;
    if let Some(number) = number {
        let state = serde_json::to_string(&State::new(name, account))?;
        transaction
            .prepare_cached("INSERT INTO state (credential, state) VALUES (?1, ?2)")?
            .execute((number, state))?;
    }
    let snapshot = read::snapshot(&transaction, name, now)?
        .ok_or_else(|| StoreError::Damaged(format!("the state of `{name}` is missing")))?;
    if snapshot.state.account != *account {
        let account = snapshot.state.account;
        return Err(StoreError::OtherAccount { name: name.clone(), account }.into());
    }
    if snapshot.vendor != *vendor {
        return Err(StoreError::OtherVendor { name: name.clone(), vendor: snapshot.vendor }.into());
    }
    transaction.commit()?;
    Ok(snapshot)
}

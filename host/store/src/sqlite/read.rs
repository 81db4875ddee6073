//! What is read, each in one transaction.

use keywright_lifecycle::{Entry, EntryHeader, GenerationNumber, State};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::column::{optional_time, signed, status, time, unsigned};
use super::failure::Failure;
use super::lease::holder;
use crate::error::StoreError;
use crate::model::{Counts, Known, Page, Snapshot, Summary};

pub(super) fn snapshot(connection: &Connection, name: &str, now: i64) -> Result<Option<Snapshot>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT id, vendor, lease_epoch, lease_owner, lease_until, due, state.state
         FROM credential JOIN state ON state.credential = credential.number WHERE name = ?1",
    )?;
    let mut rows = statement.query([name])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let state: State = serde_json::from_str(row.get_ref(6)?.as_str().map_err(rusqlite::Error::from)?)?;
    Ok(Some(Snapshot {
        id: row.get(0)?,
        vendor: row.get(1)?,
        state,
        epoch: unsigned(row.get(2)?)?,
        held: holder(row.get(3)?, row.get(4)?, now)?,
        due: optional_time(row.get(5)?)?,
    }))
}

pub(super) fn page(connection: &Connection, after: Option<&str>, limit: u32) -> Result<Page, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT name, account, vendor, current, vendor_id, promoted_at, expires_at, operation, retiring, doubtful,
             suspended, closed, problem, due
         FROM credential WHERE name > ?1 ORDER BY name LIMIT ?2",
    )?;
    // One more than is shown says whether there are more. No name is empty.
    let mut rows = statement.query((after.unwrap_or_default(), i64::from(limit) + 1))?;
    let mut credentials = Vec::new();
    while let Some(row) = rows.next()? {
        credentials.push(summary(row)?);
    }
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let next = (credentials.len() > shown).then(|| credentials.truncate(shown));
    let next = next.and_then(|()| credentials.last().map(|last| last.name.clone()));
    Ok(Page { credentials, next })
}

fn summary(row: &Row<'_>) -> Result<Summary, Failure> {
    Ok(Summary {
        name: row.get(0)?,
        account: row.get(1)?,
        vendor: row.get(2)?,
        current: row.get::<_, Option<i64>>(3)?.map(unsigned).transpose()?,
        vendor_id: row.get(4)?,
        promoted_at: optional_time(row.get(5)?)?,
        expires_at: optional_time(row.get(6)?)?,
        operation: row.get(7)?,
        retiring: row.get(8)?,
        doubtful: row.get(9)?,
        suspended: row.get(10)?,
        closed: row.get(11)?,
        problem: row.get(12)?,
        due: optional_time(row.get(13)?)?,
    })
}

pub(super) fn counts(connection: &mut Connection) -> Result<Counts, Failure> {
    let transaction = connection.transaction()?;
    let [credentials, in_use, operating, failing, suspended, closed] = transaction
        .prepare_cached(
            "SELECT count(*), count(current), count(operation), count(problem),
                 total(suspended), total(closed) FROM credential",
        )?
        .query_one([], |row| {
            let total = |column| row.get::<_, f64>(column).map(|total| total as i64);
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, total(4)?, total(5)?])
        })?;
    let mut counts = Counts {
        credentials: unsigned(credentials)?,
        in_use: unsigned(in_use)?,
        operating: unsigned(operating)?,
        failing: unsigned(failing)?,
        suspended: unsigned(suspended)?,
        closed: unsigned(closed)?,
        ..Counts::default()
    };
    let mut statement = transaction.prepare_cached("SELECT status, count(*) FROM generation GROUP BY status")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        counts.generations.insert(status(&name)?, unsigned(row.get(1)?)?);
    }
    Ok(counts)
}

pub(super) fn history(connection: &Connection, name: &str, after: u64, limit: u32) -> Result<Vec<Entry>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT line, form, operation, epoch, at, actor, adapter, record FROM journal
         WHERE credential = (SELECT number FROM credential WHERE name = ?1) AND line > ?2 ORDER BY line LIMIT ?3",
    )?;
    let mut rows = statement.query(params![name, signed(after)?, limit])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let header = EntryHeader {
            sequence: unsigned(row.get(0)?)?,
            schema: row.get(1)?,
            operation: unsigned(row.get(2)?)?,
            epoch: unsigned(row.get(3)?)?,
            at: time(row.get(4)?)?,
            actor: row.get(5)?,
            adapter: row.get(6)?,
        };
        let record = serde_json::from_str(row.get_ref(7)?.as_str().map_err(rusqlite::Error::from)?)?;
        entries.push(Entry { header, record });
    }
    if entries.is_empty() {
        let mut known = connection.prepare_cached("SELECT 1 FROM credential WHERE name = ?1")?;
        if !known.exists([name])? {
            return Err(StoreError::Unknown(name.to_owned()).into());
        }
    }
    Ok(entries)
}

pub(super) fn known(connection: &Connection, account: &str) -> Result<Vec<Known>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT name, generation.number, status, generation.vendor_id, marker
         FROM generation JOIN credential ON credential.number = generation.credential
         WHERE generation.account = ?1 ORDER BY name, generation.number",
    )?;
    let mut rows = statement.query([account])?;
    let mut known = Vec::new();
    while let Some(row) = rows.next()? {
        known.push(Known {
            credential: row.get(0)?,
            generation: unsigned(row.get(1)?)?,
            status: status(&row.get::<_, String>(2)?)?,
            vendor_id: row.get(3)?,
            marker: row.get(4)?,
        });
    }
    Ok(known)
}

pub(super) fn sealed(
    connection: &Connection,
    name: &str,
    generation: GenerationNumber,
) -> Result<Option<Vec<u8>>, Failure> {
    let secret = connection
        .prepare_cached(
            "SELECT sealed FROM secret WHERE credential = (SELECT number FROM credential WHERE name = ?1)
                 AND generation = ?2",
        )?
        .query_one((name, signed(generation)?), |row| row.get(0))
        .optional()?;
    Ok(secret)
}

pub(super) fn audit(connection: &Connection, after: u64, limit: u32) -> Result<Vec<(u64, String)>, Failure> {
    let mut statement =
        connection.prepare_cached("SELECT number, event FROM audit WHERE number > ?1 ORDER BY number LIMIT ?2")?;
    let mut rows = statement.query((signed(after)?, limit))?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push((unsigned(row.get(0)?)?, row.get(1)?));
    }
    Ok(events)
}

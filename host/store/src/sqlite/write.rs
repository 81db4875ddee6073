//! Commits.

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::column::{micros, signed, time, unsigned};
use super::failure::Failure;
use super::lease::lost;
use super::time::{StoreClock, after};
use super::worker::Session;
use crate::audit::{AuditTree, leaf_hash};
use crate::error::StoreError;
use crate::fold::{Folded, Under, fold};
use crate::lease::Lease;
use crate::model::{Commit, Committed, Summary};
use keywright_lifecycle::{Entry, Expiry, Generation, State};

/// Begins a transaction that writes: it has the lock from here on.
pub(super) fn begin(session: &mut Session) -> Result<Transaction<'_>, Failure> {
    Ok(Transaction::new(&mut session.connection, TransactionBehavior::Immediate)?)
}

/// The credential that a transaction works on.
struct Fenced {
    number: i64,
    vendor: String,
    until: i64,
    state: State,
}

pub(super) fn commit(
    session: &mut Session,
    clock: &StoreClock,
    lease: &Lease,
    commit: Commit,
) -> Result<Committed, Failure> {
    let Commit { drafts, sealed, window } = commit;
    let transaction = begin(session)?;
    let Fenced { number, vendor, until, state } = fence(&transaction, lease)?;
    let now = clock.tick(&transaction)?;
    let at = time(now)?;
    let under = Under { vendor: &vendor, epoch: lease.epoch, at };
    let folded = fold(state, under, drafts, sealed.as_ref().map(|(generation, ..)| *generation))?;
    append(&transaction, number, &folded)?;
    write_generations(&transaction, number, &folded)?;
    let destroyed = write_secrets(&transaction, number, &folded, sealed)?;
    let until = window.map_or(until, |window| until.max(after(now, window)));
    write_state(&transaction, number, &vendor, &folded.state, until)?;
    transaction.commit()?;
    if destroyed {
        session.has_stale_log();
    }
    Ok(Committed { state: folded.state, at, until: time(until)? })
}

/// The first statement of each transaction under a lease: it hits nothing when the lease was lost.
fn fence(transaction: &Transaction<'_>, lease: &Lease) -> Result<Fenced, Failure> {
    let row = transaction
        .prepare_cached(
            "UPDATE credential SET rev = rev + 1 WHERE name = ?1 AND lease_owner = ?2 AND lease_epoch = ?3
             RETURNING number, vendor, lease_until",
        )?
        .query_one((&lease.credential, &lease.node, signed(lease.epoch)?), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let (number, vendor, until) = row.ok_or_else(|| lost(transaction, lease))?;
    let state: String = transaction
        .prepare_cached("SELECT state FROM state WHERE credential = ?1")?
        .query_one([number], |row| row.get(0))?;
    Ok(Fenced { number, vendor, until, state: serde_json::from_str(&state)? })
}

/// The journal and the audit log.
fn append(transaction: &Connection, number: i64, folded: &Folded) -> Result<(), Failure> {
    if folded.lines.is_empty() {
        return Ok(());
    }
    let mut tree = audit_tree(transaction)?;
    let mut events = transaction.prepare_cached("INSERT INTO audit (number, event, leaf) VALUES (?1, ?2, ?3)")?;
    let mut journal = transaction.prepare_cached(
        "INSERT INTO journal (credential, line, form, operation, epoch, at, actor, adapter, record, event)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for (Entry { header, record }, event) in &folded.lines {
        let leaf = leaf_hash(event);
        tree.append(leaf);
        let size = signed(tree.size())?;
        events.execute((size, event, leaf))?;
        journal.execute(params![
            number,
            signed(header.sequence)?,
            header.schema,
            signed(header.operation)?,
            signed(header.epoch)?,
            micros(header.at),
            header.actor,
            header.adapter,
            serde_json::to_string(record)?,
            size,
        ])?;
    }
    let mut head = transaction.prepare_cached("UPDATE audit_head SET size = ?1, edge = ?2")?;
    head.execute((signed(tree.size())?, tree.edge()))?;
    Ok(())
}

/// The tree over the audit log.
pub(super) fn audit_tree(connection: &Connection) -> Result<AuditTree, Failure> {
    let (size, edge): (i64, Vec<u8>) = connection
        .prepare_cached("SELECT size, edge FROM audit_head")?
        .query_one([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let tree = AuditTree::from_edge(unsigned(size)?, &edge);
    Ok(tree.ok_or_else(|| StoreError::Damaged("the head of the audit log contradicts itself".to_owned()))?)
}

fn write_generations(transaction: &Connection, number: i64, folded: &Folded) -> Result<(), Failure> {
    let state = &folded.state;
    let touched = || folded.touched.iter().filter_map(|number| state.generations.get(number));
    let mut upsert = transaction.prepare_cached(
        "INSERT INTO generation (credential, number, account, status, marker, vendor_id, asked_expiry, expiry)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (credential, number) DO UPDATE SET status = excluded.status, marker = excluded.marker,
             vendor_id = excluded.vendor_id, asked_expiry = excluded.asked_expiry, expiry = excluded.expiry",
    )?;
    // What ends gives up its id and its marker, which then another may have.
    let (live, ended): (Vec<_>, Vec<_>) = touched().partition(|generation| generation.status.may_live());
    for generation in ended.into_iter().chain(live) {
        refuse_claimed(transaction, number, &state.account, generation)?;
        let expiry = match generation.expiry {
            Expiry::At(at) => Some(micros(at)),
            Expiry::Never | Expiry::Unreadable(_) => None,
        };
        upsert.execute(params![
            number,
            signed(generation.number)?,
            state.account,
            generation.status.name(),
            generation.marker,
            generation.vendor_id,
            generation.asked_expiry.map(micros),
            expiry,
        ])?;
    }
    Ok(())
}

/// Refuses the vendor's object, or the marker, of another credential. The unique indices would too, but cannot name it.
fn refuse_claimed(
    transaction: &Connection,
    number: i64,
    account: &str,
    generation: &Generation,
) -> Result<(), Failure> {
    if !generation.status.may_live() {
        return Ok(());
    }
    let owner = |sql, text: &str| {
        let mut statement = transaction.prepare_cached(sql)?;
        statement.query_one((account, text, number), |row| row.get::<_, String>(0)).optional()
    };
    if let Some(vendor_id) = &generation.vendor_id {
        let sql = "SELECT name FROM generation JOIN credential ON credential.number = generation.credential
                   WHERE generation.account = ?1 AND generation.vendor_id = ?2 AND generation.credential <> ?3
                       AND generation.vendor_id IS NOT NULL AND status NOT IN ('revoked', 'replaced', 'void')";
        if let Some(credential) = owner(sql, vendor_id)? {
            return Err(StoreError::Claimed { vendor_id: vendor_id.clone(), credential }.into());
        }
    }
    if let Some(marker) = &generation.marker {
        let sql = "SELECT name FROM generation JOIN credential ON credential.number = generation.credential
                   WHERE generation.account = ?1 AND generation.marker = ?2 AND generation.credential <> ?3
                       AND generation.marker IS NOT NULL AND status NOT IN ('revoked', 'replaced', 'void')";
        if let Some(credential) = owner(sql, marker)? {
            return Err(StoreError::Misuse(format!("the marker `{marker}` is one of `{credential}`")).into());
        }
    }
    Ok(())
}

/// Whether a secret was destroyed.
fn write_secrets(
    transaction: &Connection,
    number: i64,
    folded: &Folded,
    sealed: Option<(u64, Vec<u8>, String)>,
) -> Result<bool, Failure> {
    let mut destroyed = false;
    for (generation, brought) in &folded.secrets {
        let generation = signed(*generation)?;
        match (brought, &sealed) {
            (true, Some((_, secret, key))) => {
                transaction
                    .prepare_cached("INSERT INTO secret (credential, generation, key, sealed) VALUES (?1, ?2, ?3, ?4)")?
                    .execute((number, generation, key, secret))?;
            }
            (true, None) => {
                return Err(StoreError::Misuse("a new secret came without its sealed copy".to_owned()).into());
            }
            (false, _) => {
                let mut delete =
                    transaction.prepare_cached("DELETE FROM secret WHERE credential = ?1 AND generation = ?2")?;
                destroyed |= delete.execute((number, generation))? > 0;
            }
        }
    }
    Ok(destroyed)
}

/// The state, what lists show of it, and the end of the lease.
fn write_state(transaction: &Connection, number: i64, vendor: &str, state: &State, until: i64) -> Result<(), Failure> {
    let summary = Summary::of(state, vendor, None);
    transaction
        .prepare_cached(
            "UPDATE credential SET lease_until = ?2, current = ?3, vendor_id = ?4, promoted_at = ?5, expires_at = ?6,
                 operation = ?7, retiring = ?8, doubtful = ?9, suspended = ?10, closed = ?11, problem = ?12
             WHERE number = ?1",
        )?
        .execute(params![
            number,
            until,
            summary.current.map(signed).transpose()?,
            summary.vendor_id,
            summary.promoted_at.map(micros),
            summary.expires_at.map(micros),
            summary.operation,
            summary.retiring,
            summary.doubtful,
            summary.suspended,
            summary.closed,
            summary.problem,
        ])?;
    transaction
        .prepare_cached("UPDATE state SET state = ?2 WHERE credential = ?1")?
        .execute((number, serde_json::to_string(state)?))?;
    Ok(())
}

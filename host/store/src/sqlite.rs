//! A store in one SQLite file.

mod column;
mod connection;
mod failure;
mod file;
mod installation;
mod lease;
mod migration;
mod read;
mod time;
mod worker;
mod write;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use keywright_lifecycle::{Entry, GenerationNumber};

use crate::audit::AuditHead;
use crate::clock::{SystemClock, WallClock};
use crate::error::StoreError;
use crate::lease::{Claim, Lease};
use crate::model::{Commit, Committed, Counts, Installation, Known, NewCredential, Page, SealedRow, Snapshot};
use crate::{Store, StoreFuture};
use failure::Failure;
use time::StoreClock;
use worker::{Session, Worker};

/// A store in one SQLite file, for any number of programs on one machine.
///
/// Writes go through one thread and reads through another, each with its own connection. What was begun is finished
/// though its future is dropped. Dropping the store waits for what it was asked to do, and ends its threads.
pub struct SqliteStore {
    writer: Worker,
    reader: Worker,
    clock: StoreClock,
}

/// How a store is opened.
#[derive(Clone)]
pub struct SqliteOptions {
    /// Whether it is made, with its directory, where it is missing.
    pub create: bool,
    /// How long it waits for another program that writes.
    pub patience: Duration,
    /// What its clock follows.
    pub clock: Arc<dyn WallClock>,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { create: false, patience: Duration::from_secs(10), clock: Arc::new(SystemClock) }
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SqliteOptions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut fields = formatter.debug_struct("SqliteOptions");
        fields.field("create", &self.create).field("patience", &self.patience).finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens the store in a file, and brings it into the newest form. Blocks while another program does that.
    ///
    /// The file must be this user's alone (mode 0600), and its directory must not be writable by others.
    ///
    /// # Errors
    ///
    /// When the file is missing, is accessible to others, is a link, is read-only, is damaged, is another program's, or
    /// was written by a later version of this one.
    pub fn open(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Self, StoreError> {
        let SqliteOptions { create, patience, clock } = options;
        let file = file::prepare(path.as_ref(), create)?;
        let opened = |failure: Failure| failure.while_it_is("opened");
        let mut connection = connection::writer(&file, patience).map_err(opened)?;
        migration::migrate(&mut connection, migration::MIGRATIONS).map_err(opened)?;
        let mut session = Session::new(connection, patience);
        // A program that broke down may have left what it destroyed in the log.
        session.has_stale_log();
        let writer = Worker::start("written", session)?;
        let connection = connection::reader(&file, patience).map_err(opened)?;
        let reader = Worker::start("read", Session::new(connection, patience))?;
        Ok(Self { writer, reader, clock: StoreClock::new(clock) })
    }

    /// Breaks off what it writes after so many steps of SQLite's virtual machine, and everything after that.
    #[cfg(feature = "testing")]
    pub fn break_after(&self, steps: u32) -> StoreFuture<'_, ()> {
        self.writer.run(move |session| {
            let mut left = steps;
            let handler = move || {
                left = left.saturating_sub(1);
                left == 0
            };
            Ok(session.connection.progress_handler(1, Some(handler))?)
        })
    }
}

impl Store for SqliteStore {
    fn now(&self) -> StoreFuture<'_, DateTime<Utc>> {
        let clock = self.clock.clone();
        self.reader.run(move |session| Ok(column::time(clock.read(&session.connection)?)?))
    }

    fn installation(&self) -> StoreFuture<'_, Option<Installation>> {
        self.reader.run(|session| installation::read(&session.connection))
    }

    fn initialise(&self, installation: Installation) -> StoreFuture<'_, ()> {
        self.writer.run(move |session| installation::initialise(session, &installation))
    }

    fn replace_key<'a>(&'a self, expected: &'a str, installation: Installation) -> StoreFuture<'a, ()> {
        let expected = expected.to_owned();
        self.writer.run(move |session| installation::replace_key(session, &expected, &installation))
    }

    fn sealed_under_others<'a>(&'a self, key: &'a str, limit: u32) -> StoreFuture<'a, Vec<SealedRow>> {
        let key = key.to_owned();
        self.reader.run(move |session| installation::sealed_under_others(&session.connection, &key, limit))
    }

    fn reseal(&self, rows: Vec<(SealedRow, Vec<u8>, String)>) -> StoreFuture<'_, u64> {
        self.writer.run(move |session| installation::reseal(session, &rows))
    }

    fn register(&self, credential: NewCredential) -> StoreFuture<'_, Snapshot> {
        let clock = self.clock.clone();
        self.writer.run(move |session| installation::register(session, &clock, &credential))
    }

    fn find<'a>(&'a self, name: &'a str) -> StoreFuture<'a, Option<Snapshot>> {
        let (clock, name) = (self.clock.clone(), name.to_owned());
        self.reader.run(move |session| {
            let now = clock.read(&session.connection)?;
            read::snapshot(&session.connection, &name, now)
        })
    }

    fn page<'a>(&'a self, after: Option<&'a str>, limit: u32) -> StoreFuture<'a, Page> {
        let after = after.map(ToOwned::to_owned);
        self.reader.run(move |session| read::page(&session.connection, after.as_deref(), limit))
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        self.reader.run(|session| read::counts(&mut session.connection))
    }

    fn history<'a>(&'a self, name: &'a str, after: u64, limit: u32) -> StoreFuture<'a, Vec<Entry>> {
        let name = name.to_owned();
        self.reader.run(move |session| read::history(&session.connection, &name, after, limit))
    }

    fn known<'a>(&'a self, account: &'a str) -> StoreFuture<'a, Vec<Known>> {
        let account = account.to_owned();
        self.reader.run(move |session| read::known(&session.connection, &account))
    }

    fn sealed<'a>(&'a self, name: &'a str, generation: GenerationNumber) -> StoreFuture<'a, Option<Vec<u8>>> {
        let name = name.to_owned();
        self.reader.run(move |session| read::sealed(&session.connection, &name, generation))
    }

    fn claim<'a>(&'a self, name: &'a str, node: &'a str, time: Duration) -> StoreFuture<'a, Claim> {
        let (clock, name, node) = (self.clock.clone(), name.to_owned(), node.to_owned());
        self.writer.run(move |session| lease::claim(session, &clock, &name, &node, time))
    }

    fn claim_due<'a>(&'a self, node: &'a str, time: Duration) -> StoreFuture<'a, Option<Claim>> {
        let (clock, node) = (self.clock.clone(), node.to_owned());
        self.writer.run(move |session| lease::claim_due(session, &clock, &node, time))
    }

    fn renew<'a>(&'a self, lease: &'a Lease, time: Duration) -> StoreFuture<'a, Lease> {
        let (clock, lease) = (self.clock.clone(), lease.clone());
        self.writer.run(move |session| lease::renew(session, &clock, &lease, time))
    }

    fn release(&self, lease: Lease, due: Option<DateTime<Utc>>) -> StoreFuture<'_, ()> {
        let clock = self.clock.clone();
        self.writer.run(move |session| lease::release(session, &clock, &lease, due))
    }

    fn commit<'a>(&'a self, lease: &'a Lease, commit: Commit) -> StoreFuture<'a, Committed> {
        let (clock, lease) = (self.clock.clone(), lease.clone());
        self.writer.run(move |session| write::commit(session, &clock, &lease, commit))
    }

    fn audit(&self, after: u64, limit: u32) -> StoreFuture<'_, Vec<(u64, String)>> {
        self.reader.run(move |session| read::audit(&session.connection, after, limit))
    }

    fn audit_head(&self) -> StoreFuture<'_, AuditHead> {
        self.reader.run(|session| Ok(write::audit_tree(&session.connection)?.head()))
    }
}

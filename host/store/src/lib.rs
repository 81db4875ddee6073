//! Where the lifecycle of credentials is kept.
//!
//! A [`Store`] offers transactions of the domain, not tables. Whoever works on a credential holds a [`Lease`] on it; each
//! write is refused when the lease was lost meanwhile, so that two programs on one store never undo each other's work.
//! The journal, the state that it adds up to, the sealed secret and the audit event are written together or not at all.
//!
//! ```
//! # use keywright_store::*; use keywright_lifecycle::*; use std::time::Duration;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("keywright.db");
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let store = SqliteStore::open(&path, SqliteOptions { create: true, ..SqliteOptions::default() })?;
//! store.register(NewCredential {
//!     name: "ci-deploy".into(),
//!     id: "7c1f0a".into(),
//!     account: "production".into(),
//!     vendor: "scaleway".into(),
//! }).await?;
//!
//! let Claim { lease, snapshot } = store.claim("ci-deploy", "host-a", Duration::from_secs(15)).await?;
//! assert_eq!(snapshot.state.sequence, 0);
//!
//! // The lease lasts at least two minutes from here: a request is about to be sent.
//! let record = Record::Respecified { spec: Spec { publish: vec!["vault".into()], ..Spec::default() } };
//! let draft = Draft { record, actor: "user:ops@host-a".into(), adapter: None };
//! let window = Some(Duration::from_secs(120));
//! let committed = store.commit(&lease, Commit { drafts: vec![draft], sealed: None, window }).await?;
//! assert_eq!(committed.state.sequence, 1);
//! store.release(lease, None).await?;
//! # Ok::<(), StoreError>(())
//! # })?;
//! # Ok(())
//! # }
//! ```

mod audit;
mod clock;
mod error;
mod fold;
mod lease;
mod model;
mod sqlite;
mod summary;
mod verify;

#[cfg(feature = "testing")]
pub mod testing;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use keywright_lifecycle::{Entry, GenerationNumber};

pub use audit::{AuditHead, AuditTree, Hash, leaf_hash};
pub use clock::{SystemClock, WallClock};
pub use error::StoreError;
pub use lease::{Claim, Lease};
pub use model::{
    Commit, Committed, Counts, Draft, Installation, Known, NewCredential, Page, SealedRow, Snapshot, Summary,
};
pub use sqlite::{SqliteOptions, SqliteStore};
pub use verify::{Verified, verify};

/// What a store's method gives.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A store of credentials. All times are by its own clock.
pub trait Store: Send + Sync {
    /// The time.
    fn now(&self) -> StoreFuture<'_, DateTime<Utc>>;

    /// What this installation is, and under which key its secrets are sealed; none before it is initialised.
    fn installation(&self) -> StoreFuture<'_, Option<Installation>>;

    /// Makes it an installation. Refused when it is one.
    fn initialise(&self, installation: Installation) -> StoreFuture<'_, ()>;

    /// Replaces the key record: the first step of a key's rotation and the last. `expected` is the key that is replaced.
    fn replace_key<'a>(&'a self, expected: &'a str, installation: Installation) -> StoreFuture<'a, ()>;

    /// Sealed secrets that are not under this key, at most `limit` of them.
    fn sealed_under_others<'a>(&'a self, key: &'a str, limit: u32) -> StoreFuture<'a, Vec<SealedRow>>;

    /// Replaces sealed secrets by the same ones under another key. Rows that changed meanwhile are left alone.
    fn reseal(&self, rows: Vec<(SealedRow, Vec<u8>, String)>) -> StoreFuture<'_, u64>;

    /// Makes a credential known by its name. The same again changes nothing; another account is refused.
    fn register(&self, credential: NewCredential) -> StoreFuture<'_, Snapshot>;

    /// A credential by its name.
    fn find<'a>(&'a self, name: &'a str) -> StoreFuture<'a, Option<Snapshot>>;

    /// Credentials in the order of their names, after `after`.
    fn page<'a>(&'a self, after: Option<&'a str>, limit: u32) -> StoreFuture<'a, Page>;

    /// How many credentials are in which state.
    fn counts(&self) -> StoreFuture<'_, Counts>;

    /// The journal of a credential, after a line.
    fn history<'a>(&'a self, name: &'a str, after: u64, limit: u32) -> StoreFuture<'a, Vec<Entry>>;

    /// What is known of an account's objects at the vendor, whichever credential they belong to.
    fn known<'a>(&'a self, account: &'a str) -> StoreFuture<'a, Vec<Known>>;

    /// The sealed secret of a generation.
    fn sealed<'a>(&'a self, name: &'a str, generation: GenerationNumber) -> StoreFuture<'a, Option<Vec<u8>>>;

    /// Takes the lease on a credential. Refused while another node holds it. An earlier lease of the same node is lost.
    fn claim<'a>(&'a self, name: &'a str, node: &'a str, time: Duration) -> StoreFuture<'a, Claim>;

    /// Takes the lease on the credential that has been due the longest and is nobody's. One whose lease ran out without
    /// being given back has been due since then: who held it has broken down at work.
    fn claim_due<'a>(&'a self, node: &'a str, time: Duration) -> StoreFuture<'a, Option<Claim>>;

    /// Prolongs a lease to at least this much from now. Refused when it was lost; it is never taken again.
    fn renew<'a>(&'a self, lease: &'a Lease, time: Duration) -> StoreFuture<'a, Lease>;

    /// Gives a lease back, and says when the credential is due again; none when it is not.
    fn release(&self, lease: Lease, due: Option<DateTime<Utc>>) -> StoreFuture<'_, ()>;

    /// Writes records, and all that belongs to them, in one durable transaction under the lease.
    fn commit<'a>(&'a self, lease: &'a Lease, commit: Commit) -> StoreFuture<'a, Committed>;

    /// Audit events after a number, as they were written.
    fn audit(&self, after: u64, limit: u32) -> StoreFuture<'_, Vec<(u64, String)>>;

    /// How far the audit log goes, and what it adds up to. A store that keeps the edge of the tree has it at once;
    /// without, all events are read.
    fn audit_head(&self) -> StoreFuture<'_, AuditHead> {
        Box::pin(async move {
            let mut tree = AuditTree::default();
            loop {
                let events = self.audit(tree.size(), 1_000).await?;
                if events.is_empty() {
                    return Ok(tree.head());
                }
                events.iter().for_each(|(_, event)| tree.append(leaf_hash(event)));
            }
        })
    }
}

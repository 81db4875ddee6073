//! What goes into a store and comes out of it.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use keywright_lifecycle::{GenerationNumber, Record, State, Status};

/// What an installation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// Its id: random, made when it was initialised.
    pub id: String,
    /// The name of the key that its secrets are sealed under.
    pub key: String,
    /// What a key is checked against before anything is written: opaque to the store.
    pub key_record: Vec<u8>,
}

/// A credential that is to be made known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCredential {
    /// Its name.
    pub name: String,
    /// A random id, for the case that it is new: what its secrets and markers are bound to.
    pub id: String,
    /// Its account.
    pub account: String,
    /// Its vendor.
    pub vendor: String,
}

/// A credential as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The id that its secrets and markers are bound to.
    pub id: String,
    /// Its vendor.
    pub vendor: String,
    /// Its state.
    pub state: State,
    /// The epoch of the last lease.
    pub epoch: u64,
    /// Who holds a lease on it that is not over, and until when.
    pub held: Option<(String, DateTime<Utc>)>,
    /// When it is due.
    pub due: Option<DateTime<Utc>>,
}

/// What a list shows of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its name.
    pub name: String,
    /// Its account.
    pub account: String,
    /// Its vendor.
    pub vendor: String,
    /// The generation in use.
    pub current: Option<GenerationNumber>,
    /// The id of the generation in use at the vendor.
    pub vendor_id: Option<String>,
    /// When the generation in use was promoted.
    pub promoted_at: Option<DateTime<Utc>>,
    /// When the vendor ends the generation in use.
    pub expires_at: Option<DateTime<Utc>>,
    /// The operation that is not ended.
    pub operation: Option<String>,
    /// Generations that are on their way to their end.
    pub retiring: u32,
    /// Generations that are in doubt or abandoned.
    pub doubtful: u32,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Whether it was revoked.
    pub closed: bool,
    /// What is wrong with it, where something is.
    pub problem: Option<String>,
    /// When it is due.
    pub due: Option<DateTime<Utc>>,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The credentials.
    pub credentials: Vec<Summary>,
    /// The name to go on after; none at the end.
    pub next: Option<String>,
}

/// How many credentials are in which state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub credentials: u64,
    /// Those with a generation in use.
    pub in_use: u64,
    /// Those with an open operation.
    pub operating: u64,
    /// Those with something that is wrong.
    pub failing: u64,
    /// Those that are suspended.
    pub suspended: u64,
    /// Those that were revoked.
    pub closed: u64,
    /// Generations by their status.
    pub generations: BTreeMap<Status, u64>,
}

/// An object at the vendor that belongs to a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The credential.
    pub credential: String,
    /// The generation.
    pub generation: GenerationNumber,
    /// Where it stands.
    pub status: Status,
    /// Its id at the vendor, where that is known.
    pub vendor_id: Option<String>,
    /// Its marker.
    pub marker: Option<String>,
}

/// A sealed secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRow {
    /// The credential's name.
    pub credential: String,
    /// The credential's id.
    pub id: String,
    /// The generation.
    pub generation: GenerationNumber,
    /// What is sealed.
    pub sealed: Vec<u8>,
}

/// A record to be written, and who asked for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The record.
    pub record: Record,
    /// Who asked: for example `user:ops@host-a`.
    pub actor: String,
    /// The digest of the adapter in use.
    pub adapter: Option<String>,
}

/// What is to be written together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Commit {
    /// The records, in order.
    pub drafts: Vec<Draft>,
    /// The sealed secret of the generation that the records acknowledge or import, and the name of its key. Refused
    /// without such a record, as such a record is refused without it.
    pub sealed: Option<(GenerationNumber, Vec<u8>, String)>,
    /// The lease is prolonged to at least this much from now: a request is about to be sent.
    pub window: Option<Duration>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Committed {
    /// The state after it.
    pub state: State,
    /// When.
    pub at: DateTime<Utc>,
    /// Until when the lease lasts.
    pub until: DateTime<Utc>,
}

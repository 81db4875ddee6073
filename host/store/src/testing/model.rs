//! What a store is, in memory: nothing but maps, and no transaction.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use keywright_lifecycle::{Entry, EntryHeader, GenerationNumber, Record, SCHEMA_VERSION, State};

use crate::error::StoreError;
use crate::lease::Lease;
use crate::model::{Commit, Installation};

#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) installation: Option<Installation>,
    pub(super) credentials: BTreeMap<String, Credential>,
    /// The credential, its account and the line of each audit event.
    pub(super) audit: Vec<(String, u64)>,
}

#[derive(Clone, Debug)]
pub(super) struct Credential {
    pub(super) id: String,
    pub(super) vendor: String,
    pub(super) state: State,
    pub(super) journal: Vec<Entry>,
    pub(super) secrets: BTreeMap<GenerationNumber, (Vec<u8>, String)>,
    pub(super) owner: Option<String>,
    pub(super) epoch: u64,
    pub(super) until: DateTime<Utc>,
    pub(super) due: Option<DateTime<Utc>>,
}

/// An error by its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Busy,
    LeaseLost,
    Unknown,
    OtherAccount,
    OtherVendor,
    Claimed,
    State,
    Misuse,
    Installation,
    Unavailable,
    Other,
}

impl From<&StoreError> for Kind {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Busy { .. } => Self::Busy,
            StoreError::LeaseLost(_) => Self::LeaseLost,
            StoreError::Unknown(_) => Self::Unknown,
            StoreError::OtherAccount { .. } => Self::OtherAccount,
            StoreError::OtherVendor { .. } => Self::OtherVendor,
            StoreError::Claimed { .. } => Self::Claimed,
            StoreError::State(_) => Self::State,
            StoreError::Misuse(_) => Self::Misuse,
            StoreError::Installation(_) => Self::Installation,
            StoreError::Unavailable { .. } => Self::Unavailable,
            StoreError::Newer { .. } | StoreError::Damaged(_) => Self::Other,
        }
    }
}

impl Model {
    /// Whether a lease is the last one that was taken, and was not given back.
    pub(super) fn holds(&self, lease: &Lease) -> bool {
        let credential = self.credentials.get(&lease.credential);
        credential.is_some_and(|it| it.owner.as_ref() == Some(&lease.node) && it.epoch == lease.epoch)
    }

    /// The credential as a commit at this time leaves it; or everything that is wrong with the commit.
    pub(super) fn after(&self, lease: &Lease, commit: &Commit, at: DateTime<Utc>) -> Result<Credential, Vec<Kind>> {
        if !self.holds(lease) {
            return Err(vec![Kind::LeaseLost]);
        }
        let mut it = self.credentials[&lease.credential].clone();
        let (mut wrong, mut brought) = (Vec::new(), Vec::new());
        for draft in &commit.drafts {
            let record = &draft.record;
            match record {
                Record::Promoted { previous, .. } if *previous != it.state.current => wrong.push(Kind::Misuse),
                Record::IssueAcknowledged { generation, .. }
                | Record::Imported { generation, has_secret: true, .. } => brought.push(*generation),
                _ => {}
            }
            if it.state.apply(at, record).is_err() {
                wrong.push(Kind::State);
                break;
            }
            match (record, &commit.sealed) {
                (Record::SecretDestroyed { generation }, _) => drop(it.secrets.remove(generation)),
                (
                    Record::IssueAcknowledged { generation, .. }
                    | Record::Imported { generation, has_secret: true, .. },
                    Some((_, sealed, key)),
                ) => drop(it.secrets.insert(*generation, (sealed.clone(), key.clone()))),
                _ => {}
            }
            let header = EntryHeader {
                sequence: it.state.sequence,
                schema: SCHEMA_VERSION,
                operation: it.state.operations,
                epoch: lease.epoch,
                at,
                actor: draft.actor.clone(),
                adapter: draft.adapter.clone(),
            };
            it.journal.push(Entry { header, record: record.clone() });
        }
        let sealed: Vec<_> = commit.sealed.iter().map(|(generation, ..)| *generation).collect();
        if brought != sealed {
            wrong.push(Kind::Misuse);
        }
        wrong.extend(self.clashes(&it, commit));
        if wrong.is_empty() { Ok(it) } else { Err(wrong) }
    }

    /// What of the touched generations is another's, by the vendor's id or by the marker.
    fn clashes(&self, it: &Credential, commit: &Commit) -> Vec<Kind> {
        let touched: Vec<_> = commit.drafts.iter().filter_map(|draft| draft.record.generation()).collect();
        let mut wrong = Vec::new();
        for one in it.state.live().filter(|generation| touched.contains(&generation.number)) {
            let is_same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
            for other in it.state.live().filter(|other| other.number != one.number) {
                if is_same(&one.vendor_id, &other.vendor_id) || is_same(&one.marker, &other.marker) {
                    wrong.push(Kind::Misuse);
                }
            }
            let others = self
                .credentials
                .values()
                .filter(|other| other.state.name != it.state.name && other.state.account == it.state.account);
            for other in others.flat_map(|other| other.state.live()) {
                if is_same(&one.vendor_id, &other.vendor_id) {
                    wrong.push(Kind::Claimed);
                }
                if is_same(&one.marker, &other.marker) {
                    wrong.push(Kind::Misuse);
                }
            }
        }
        wrong
    }

    /// Takes over a credential as a commit left it.
    pub(super) fn accept(&mut self, it: Credential, until: DateTime<Utc>) {
        let name = it.state.name.clone();
        let known = self.credentials.get(&name).map_or(0, |before| before.journal.len());
        self.audit.extend(it.journal[known..].iter().map(|entry| (name.clone(), entry.header.sequence)));
        self.credentials.insert(name, Credential { until, ..it });
    }
}

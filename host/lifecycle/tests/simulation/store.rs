//! A model store: journal, state and sealed secrets, written together under a lease.

use std::collections::BTreeMap;

use keywright_lifecycle::{Entry, EntryHeader, GenerationNumber, Record, SCHEMA_VERSION, State};

use crate::clock::{NEVER, Time, date};

/// How long a lease lasts that nothing prolongs.
const LEASE: Time = 15;

#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub(crate) state: State,
    pub(crate) journal: Vec<Entry>,
    pub(crate) sealed: BTreeMap<GenerationNumber, String>,
    pub(crate) due: Time,
    epoch: u64,
    owner: Option<u64>,
    pub(crate) until: Time,
}

impl Store {
    pub(crate) fn new() -> Self {
        Self {
            state: State::new("ci-deploy", "production"),
            journal: Vec::new(),
            sealed: BTreeMap::new(),
            due: NEVER,
            epoch: 0,
            owner: None,
            until: 0,
        }
    }

    /// A lease with its epoch; or until when another has it.
    pub(crate) fn claim(&mut self, now: Time, process: u64) -> Result<u64, Time> {
        if self.owner.is_some() && self.until > now {
            return Err(self.until);
        }
        self.epoch += 1;
        self.owner = Some(process);
        self.due = NEVER;
        self.until = now + LEASE;
        Ok(self.epoch)
    }

    pub(crate) fn holds(&self, process: u64, epoch: u64) -> bool {
        self.owner == Some(process) && self.epoch == epoch
    }

    pub(crate) fn release(&mut self, process: u64, epoch: u64, due: Time) {
        if self.holds(process, epoch) {
            self.owner = None;
            self.due = due;
        }
    }

    /// Writes records in one transaction; false when the lease was lost.
    pub(crate) fn commit(
        &mut self,
        now: Time,
        lease: (u64, u64),
        records: &[Record],
        secret: Option<&str>,
        window: Time,
    ) -> bool {
        if !self.holds(lease.0, lease.1) {
            return false;
        }
        self.until = self.until.max(now + LEASE.max(window));
        for record in records {
            self.state.apply(date(now), record).unwrap();
            match record {
                Record::IssueAcknowledged { generation, .. } => {
                    let secret = secret.unwrap_or_else(|| panic!("generation {generation} has no secret to seal"));
                    self.sealed.insert(*generation, secret.to_owned());
                }
                Record::Imported { generation, has_secret: true, .. } => {
                    self.sealed.insert(*generation, secret.unwrap().to_owned());
                }
                Record::SecretDestroyed { generation } => {
                    assert!(self.sealed.remove(generation).is_some(), "there was no secret of {generation}");
                }
                _ => {}
            }
            let header = EntryHeader {
                sequence: self.state.sequence,
                schema: SCHEMA_VERSION,
                operation: self.state.operations,
                epoch: lease.1,
                at: date(now),
                actor: String::new(),
                adapter: None,
            };
            self.journal.push(Entry { header, record: record.clone() });
        }
        true
    }
}

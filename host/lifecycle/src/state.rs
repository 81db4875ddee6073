//! What the journal of a credential adds up to.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::context::later;
use crate::generation::{Generation, GenerationNumber, Origin, Publication, RetirementStage, Status};
use crate::policy::Spec;
use crate::record::{Entry, OperationKind, OperationOutcome, Record, Strategy};

/// What the journal of a credential adds up to. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The credential's name.
    pub name: String,
    /// The name of its account.
    pub account: String,
    /// What it shall be.
    pub spec: Spec,
    /// The generation in use.
    pub current: Option<GenerationNumber>,
    /// All that there ever was.
    pub generations: BTreeMap<GenerationNumber, Generation>,
    /// The operation that is not ended yet.
    pub operation: Option<OpenOperation>,
    /// How many operations were begun.
    pub operations: u64,
    /// Whether what is in use is disabled by command.
    pub suspended: bool,
    /// Whether the credential was revoked as a whole.
    pub closed: bool,
    /// The `rotate_serial` for which the last rotation was made.
    pub served_serial: u64,
    /// Sinks that it is being taken out of.
    pub withdrawals: BTreeMap<String, Publication>,
    /// How the last operation ended, and what was said of it.
    pub last_outcome: Option<(OperationKind, OperationOutcome, Option<String>)>,
    /// When the last rotation failed, unless one succeeded since.
    #[serde(default)]
    pub failed_at: Option<DateTime<Utc>>,
    /// Rotations that failed, one after the other.
    #[serde(default)]
    pub failed_rotations: u32,
    /// The number of the last line of the journal.
    pub sequence: u64,
}

/// An operation that is not ended yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenOperation {
    /// Its number.
    pub number: u64,
    /// What it is.
    pub kind: OperationKind,
    /// How a new secret takes the place of the old one.
    pub strategy: Strategy,
    /// Why it was begun.
    pub reason: Option<String>,
    /// When it was begun.
    pub begun_at: DateTime<Utc>,
    /// The generation that it works on.
    pub generation: Option<GenerationNumber>,
    /// Requests that make a secret that were intended in it.
    pub attempts: u32,
    /// The merge patch of an update.
    pub patch: Option<Map<String, Value>>,
    /// Not before then it goes on.
    pub retry_at: Option<DateTime<Utc>>,
    /// What went wrong the last time.
    pub problem: Option<String>,
    /// Failed tries of the present step.
    pub failures: u32,
    /// When the last request of an update was sent, unless it is known to have had no effect.
    #[serde(default)]
    pub asked_at: Option<DateTime<Utc>>,
    /// Whether an answer to a request of an update was lost.
    #[serde(default)]
    pub doubtful: bool,
}

/// A journal that contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// A record is about a generation that is not there.
    #[error("the journal has a record `{record}` about generation {generation}, which was never begun")]
    UnknownGeneration {
        /// The record.
        record: String,
        /// The generation.
        generation: GenerationNumber,
    },
    /// A record is about a generation that cannot have it.
    #[error("the journal has a record `{record}` about generation {generation}, which is {status}")]
    Misplaced {
        /// The record.
        record: String,
        /// The generation.
        generation: GenerationNumber,
        /// Where it stands.
        status: Status,
    },
    /// A record belongs to an operation, and none is open; or another is.
    #[error("the journal has a record `{0}` outside of its operation")]
    NoOperation(String),
    /// The lines of a journal are not all there.
    #[error("the journal goes on with line {found} after line {last}")]
    Gap {
        /// The line before.
        last: u64,
        /// The line that follows.
        found: u64,
    },
}

impl State {
    /// A credential of which nothing is known but its name.
    pub fn new(name: &str, account: &str) -> Self {
        Self {
            name: name.to_owned(),
            account: account.to_owned(),
            spec: Spec::default(),
            current: None,
            generations: BTreeMap::new(),
            operation: None,
            operations: 0,
            suspended: false,
            closed: false,
            served_serial: 0,
            withdrawals: BTreeMap::new(),
            last_outcome: None,
            failed_at: None,
            failed_rotations: 0,
            sequence: 0,
        }
    }

    /// What a journal adds up to.
    ///
    /// # Errors
    ///
    /// When it contradicts itself, or lines of it are missing.
    pub fn replay<'a>(
        name: &str,
        account: &str,
        journal: impl IntoIterator<Item = &'a Entry>,
    ) -> Result<Self, StateError> {
        let mut state = Self::new(name, account);
        for entry in journal {
            if entry.header.sequence != state.sequence + 1 {
                return Err(StateError::Gap { last: state.sequence, found: entry.header.sequence });
            }
            state.apply(entry.header.at, &entry.record)?;
        }
        Ok(state)
    }

    /// The generation in use.
    pub fn current(&self) -> Option<&Generation> {
        self.generations.get(&self.current?)
    }

    /// The generation that is on its way to being in use. There is never more than one.
    pub fn pending(&self) -> Option<&Generation> {
        self.generations.values().rev().find(|generation| generation.status.is_pending())
    }

    /// Those that are on their way to their end, the oldest first.
    pub fn retiring(&self) -> impl Iterator<Item = &Generation> {
        self.generations.values().filter(|generation| generation.status == Status::Retiring)
    }

    /// Those of which something is at the vendor, or may be.
    pub fn live(&self) -> impl Iterator<Item = &Generation> {
        self.generations.values().filter(|generation| generation.status.may_live())
    }

    /// Whether something is at the vendor, may be, or is yet to be done.
    pub fn is_active(&self) -> bool {
        self.operation.is_some() || self.live().next().is_some()
    }

    /// Adds a record.
    ///
    /// # Errors
    ///
    /// When it cannot follow what is there: the journal is damaged, or was written by something else.
    pub fn apply(&mut self, at: DateTime<Utc>, record: &Record) -> Result<(), StateError> {
        self.sequence += 1;
        match record {
            Record::Begun { operation, strategy, reason, spec } => {
                if self.operation.is_some() {
                    return Err(StateError::NoOperation("begun".to_owned()));
                }
                self.operations += 1;
                self.closed = false;
                self.withdrawals.clear();
                self.spec = spec.clone();
                self.operation = Some(OpenOperation {
                    number: self.operations,
                    kind: *operation,
                    strategy: *strategy,
                    reason: reason.clone(),
                    begun_at: at,
                    generation: None,
                    attempts: 0,
                    patch: None,
                    retry_at: None,
                    problem: None,
                    failures: 0,
                    asked_at: None,
                    doubtful: false,
                });
                if matches!(operation, OperationKind::Suspend | OperationKind::Resume) {
                    // What an operation before failed at does not count.
                    if let Some(current) = self.current.and_then(|number| self.generations.get_mut(&number)) {
                        current.clear_problem();
                    }
                }
            }
            Record::Respecified { spec } => self.spec = spec.clone(),
            Record::Postponed { message, retry_at } => {
                let operation = self.open(record)?;
                operation.problem = Some(message.clone());
                operation.retry_at = Some(*retry_at);
                operation.failures = operation.failures.saturating_add(1);
            }
            Record::Ended { outcome, message } => {
                let operation = self.operation.take().ok_or_else(|| StateError::NoOperation("ended".to_owned()))?;
                if operation.kind == OperationKind::Revoke && *outcome == OperationOutcome::Succeeded {
                    self.closed = true;
                    self.suspended = false;
                }
                match (operation.kind, outcome) {
                    (OperationKind::Rotate, OperationOutcome::Failed) => {
                        self.failed_at = Some(at);
                        self.failed_rotations = self.failed_rotations.saturating_add(1);
                    }
                    (
                        OperationKind::Create | OperationKind::Rotate | OperationKind::Import,
                        OperationOutcome::Succeeded,
                    ) => {
                        self.failed_at = None;
                        self.failed_rotations = 0;
                    }
                    _ => {}
                }
                self.last_outcome = Some((operation.kind, *outcome, message.clone()));
            }
            Record::IssueIntended { generation, marker, asked_expiry, settled_at, replaces, known_ids } => {
                let number = *generation;
                self.check_new(record, number)?;
                let origin = if replaces.is_some() { Origin::Regenerated } else { Origin::Created };
                let intended = Generation {
                    marker: marker.clone(),
                    asked_expiry: *asked_expiry,
                    settled_at: Some(*settled_at),
                    known_ids: known_ids.clone(),
                    ..Generation::new(number, Status::Intended, origin, at)
                };
                self.generations.insert(number, intended);
                let operation = self.open(record)?;
                operation.generation = Some(number);
                operation.attempts += 1;
                operation.retry_at = None;
                operation.problem = None;
                operation.failures = 0;
            }
            Record::Imported { generation, vendor_id, attributes, expiry, has_secret } => {
                let number = *generation;
                self.check_new(record, number)?;
                let status = if *has_secret { Status::Verified } else { Status::Current };
                let imported = Generation {
                    vendor_id: Some(vendor_id.clone()),
                    attributes: attributes.clone(),
                    expiry: expiry.clone(),
                    acknowledged_at: Some(at),
                    promoted_at: (!has_secret).then_some(at),
                    has_secret: *has_secret,
                    ..Generation::new(number, status, Origin::Imported, at)
                };
                self.generations.insert(number, imported);
                if !has_secret {
                    self.current = Some(number);
                    self.served_serial = self.spec.rotate_serial;
                }
                self.open(record)?.generation = Some(number);
            }
            Record::WithdrawalIntended { sink } => {
                self.withdrawals.entry(sink.clone()).or_default();
            }
            Record::Withdrawn { sink } => {
                let publication = self.withdrawals.entry(sink.clone()).or_default();
                *publication = Publication { acknowledged_at: Some(at), ..Publication::default() };
            }
            Record::WithdrawalFailed { sink, message, retry_at } => {
                fail_publication(self.withdrawals.entry(sink.clone()).or_default(), message, *retry_at);
            }
            about_a_generation => self.apply_to_generation(at, about_a_generation)?,
        }
        Ok(())
    }

    fn apply_to_generation(&mut self, at: DateTime<Utc>, record: &Record) -> Result<(), StateError> {
        use Status::{Abandoned, Current, InDoubt, Intended, Issued, Publishing, Retiring, Verified};
        let number = match record.generation() {
            Some(number) => number,
            None => return Err(StateError::NoOperation(record.kind())),
        };
        let from: &[Status] = match record {
            Record::IssueAcknowledged { .. } | Record::IssueRefused { .. } | Record::IssueInDoubt { .. } => &[Intended],
            Record::IssueSought { .. }
            | Record::SeekFailed { .. }
            | Record::IssueAbsent { .. }
            | Record::CompensationIntended { .. }
            | Record::Compensated { .. } => &[InDoubt],
            Record::Abandoned { .. } => &[InDoubt, Issued],
            Record::Resolved { .. } => &[Abandoned],
            Record::VerificationBegun { .. } | Record::Verified { .. } | Record::VerificationFailed { .. } => &[Issued],
            Record::Unfit { .. } => &[Issued, Verified, Publishing],
            Record::PublicationIntended { .. } | Record::Published { .. } | Record::PublicationFailed { .. } => {
                &[Verified, Publishing, Current]
            }
            Record::Promoted { .. } => &[Verified, Publishing],
            Record::RetirementScheduled { .. } => &[Issued, Verified, Publishing, Current, Retiring, Abandoned],
            Record::Demoted { .. } => &[Current],
            Record::GateHeld { .. }
            | Record::GatesOpen { .. }
            | Record::RevocationIntended { .. }
            | Record::RevocationAcknowledged { .. }
            | Record::RevocationFailed { .. }
            | Record::RevocationConfirmed { .. } => &[Retiring],
            Record::EnablingIntended { .. } | Record::Enabled { .. } | Record::EnablingFailed { .. } => {
                &[Current, Retiring]
            }
            Record::UpdateIntended { .. } | Record::Updated { .. } | Record::UpdateFailed { .. } => &[Current],
            Record::Replaced { .. } => &[Current, Abandoned, Retiring],
            // Of any.
            _ => &[],
        };
        let generation = self
            .generations
            .get_mut(&number)
            .ok_or_else(|| StateError::UnknownGeneration { record: record.kind(), generation: number })?;
        if !from.is_empty() && !from.contains(&generation.status) {
            return Err(misplaced(record, generation));
        }
        match record {
            Record::IssueAcknowledged { vendor_id, attributes, expiry, warnings, .. } => {
                generation.vendor_id = Some(vendor_id.clone());
                generation.attributes = attributes.clone();
                generation.expiry = expiry.clone();
                generation.warnings.extend(warnings.iter().cloned());
                generation.acknowledged_at = Some(at);
                generation.has_secret = true;
                generation.advance(Issued);
            }
            Record::IssueRefused { message, retry_at, .. } => {
                generation.status = Status::Void;
                generation.problem = Some(message.clone());
                let (message, retry_at) = (message.clone(), *retry_at);
                let operation = self.open(record)?;
                operation.generation = None;
                operation.problem = Some(message);
                operation.retry_at = retry_at;
            }
            Record::IssueInDoubt { message, .. } => {
                generation.advance(InDoubt);
                generation.problem = Some(message.clone());
            }
            Record::IssueSought { found, retry_at, .. } => {
                generation.found = found.clone();
                generation.empty_searches = if found.is_empty() { generation.empty_searches + 1 } else { 0 };
                generation.failures = 0;
                generation.retry_at = Some(*retry_at);
            }
            Record::SeekFailed { message, retry_at, .. } => generation.fail(message, Some(*retry_at)),
            Record::IssueAbsent { .. } => {
                generation.advance(Status::Void);
                self.leave(number);
            }
            Record::Abandoned { candidates, message, .. } => {
                generation.advance(Abandoned);
                generation.found = candidates.clone();
                generation.problem = Some(message.clone());
                self.leave(number);
            }
            Record::Resolved { vendor_id, .. } => match vendor_id {
                Some(vendor_id) => generation.vendor_id = Some(vendor_id.clone()),
                None => generation.advance(Status::Void),
            },
            Record::CompensationIntended { .. } => {}
            Record::Compensated { vendor_id, .. } => {
                generation.found.retain(|found| found != vendor_id);
                generation.empty_searches = 0;
                generation.problem = None;
                generation.failures = 0;
            }
            Record::VerificationBegun { .. } => generation.verifications += 1,
            Record::Verified { .. } => generation.advance(Verified),
            Record::VerificationFailed { message, refused, retry_at, .. } => {
                if !refused {
                    // It cost nothing of what the vendor allows.
                    generation.verifications = generation.verifications.saturating_sub(1);
                }
                generation.fail(message, *retry_at);
            }
            Record::Unfit { message, .. } => {
                generation.problem = Some(message.clone());
                self.leave(number);
            }
            Record::PublicationIntended { sink, .. } => {
                if generation.status == Verified {
                    generation.advance(Publishing);
                }
                generation.publications.entry(sink.clone()).or_default();
                // It may have something again that is to be taken out one day.
                self.withdrawals.remove(sink);
            }
            Record::Published { sink, .. } => {
                let publication = generation.publications.entry(sink.clone()).or_default();
                *publication = Publication { acknowledged_at: Some(at), ..Publication::default() };
            }
            Record::PublicationFailed { sink, message, retry_at, .. } => {
                fail_publication(generation.publications.entry(sink.clone()).or_default(), message, *retry_at);
            }
            Record::Promoted { .. } => {
                generation.advance(Current);
                generation.promoted_at = Some(at);
                self.current = Some(number);
                self.suspended = false;
                self.served_serial = self.spec.rotate_serial;
            }
            Record::RetirementScheduled { retirement, .. } => {
                generation.advance(Retiring);
                generation.retirement = Some(retirement.clone());
                if self.current == Some(number) {
                    self.current = None;
                }
                self.leave(number);
            }
            Record::Demoted { .. } => {
                self.current = None;
                self.suspended = false;
            }
            Record::GateHeld { message, retry_at, .. } => generation.fail(message, Some(*retry_at)),
            Record::GatesOpen { .. } => {
                generation.clear_problem();
                set_stage(generation, RetirementStage::Released);
            }
            Record::EnablingIntended { .. } => {
                let enabling = &mut generation.enabling;
                // One before that was never answered.
                enabling.unsettled_since = enabling.asked_at.or(enabling.unsettled_since);
                enabling.asked_at = Some(at);
            }
            Record::Enabled { enabled, .. } => {
                generation.disabled = !enabled;
                generation.enabling.answered_at = generation.enabling.asked_at.take();
                generation.clear_problem();
                match generation.status {
                    Retiring if !enabled => {
                        let soak = generation.retirement.as_ref().and_then(|retirement| retirement.soak);
                        set_stage(generation, RetirementStage::Soaking { until: later(at, soak.unwrap_or_default()) });
                    }
                    Current => self.suspended = !enabled,
                    _ => {}
                }
            }
            Record::EnablingFailed { in_doubt, message, retry_at, .. } => {
                let asked_at = generation.enabling.asked_at.take();
                if *in_doubt {
                    generation.enabling.unsettled_since = asked_at.or(generation.enabling.unsettled_since);
                }
                generation.fail(message, *retry_at);
                match (generation.status, &mut generation.retirement) {
                    // It goes without: the deletion is what counts.
                    (Retiring, Some(retirement)) if retry_at.is_none() => retirement.soak = None,
                    _ => {}
                }
            }
            Record::RevocationIntended { .. } => {
                if let Some(retirement) = &mut generation.retirement {
                    retirement.stage = RetirementStage::Revoking;
                    retirement.attempts += 1;
                    retirement.asked_at = Some(at);
                }
            }
            Record::RevocationAcknowledged { .. } => set_stage(generation, RetirementStage::Acknowledged),
            Record::RevocationFailed { message, retry_at, .. } => {
                set_stage(generation, RetirementStage::Revoking);
                generation.fail(message, Some(*retry_at));
            }
            Record::RevocationConfirmed { .. } => generation.advance(Status::Revoked),
            Record::SecretDestroyed { .. } => generation.has_secret = false,
            Record::UpdateIntended { patch, .. } => {
                let operation = self.open(record)?;
                operation.patch = Some(patch.clone());
                operation.generation = Some(number);
                operation.asked_at = Some(at);
            }
            Record::Updated { attributes, expiry, warnings, .. } => {
                generation.attributes = attributes.clone();
                generation.expiry = expiry.clone();
                generation.warnings.extend(warnings.iter().cloned());
                generation.clear_problem();
            }
            Record::UpdateFailed { in_doubt, message, retry_at, .. } => {
                let operation = self.open(record)?;
                operation.doubtful |= in_doubt;
                if !in_doubt {
                    operation.asked_at = None;
                }
                operation.problem = Some(message.clone());
                operation.retry_at = *retry_at;
                operation.failures += 1;
            }
            Record::Replaced { .. } => {
                generation.advance(Status::Replaced);
                if self.current == Some(number) {
                    self.current = None;
                }
            }
            Record::Compromised { .. } => generation.compromised = true,
            // Those about no generation are handled before.
            _ => {}
        }
        Ok(())
    }

    /// A new generation has the next number, and no other is on its way.
    fn check_new(&self, record: &Record, number: GenerationNumber) -> Result<(), StateError> {
        let pending = self.pending();
        if pending.is_none() && self.generations.last_key_value().is_none_or(|(last, _)| *last < number) {
            return Ok(());
        }
        let status = pending.map_or(Status::Intended, |pending| pending.status);
        Err(StateError::Misplaced { record: record.kind(), generation: number, status })
    }

    fn open(&mut self, record: &Record) -> Result<&mut OpenOperation, StateError> {
        self.operation.as_mut().ok_or_else(|| StateError::NoOperation(record.kind()))
    }

    /// The open operation works on this generation no longer.
    fn leave(&mut self, number: GenerationNumber) {
        if let Some(operation) = self.operation.as_mut().filter(|operation| operation.generation == Some(number)) {
            operation.generation = None;
        }
    }
}

fn set_stage(generation: &mut Generation, stage: RetirementStage) {
    if let Some(retirement) = &mut generation.retirement {
        retirement.stage = stage;
    }
}

fn fail_publication(publication: &mut Publication, message: &str, retry_at: DateTime<Utc>) {
    publication.failures = publication.failures.saturating_add(1);
    publication.problem = Some(message.to_owned());
    publication.retry_at = Some(retry_at);
}

fn misplaced(record: &Record, generation: &Generation) -> StateError {
    StateError::Misplaced { record: record.kind(), generation: generation.number, status: generation.status }
}

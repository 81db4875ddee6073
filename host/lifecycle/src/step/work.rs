//! A step that is being put together.

use chrono::{DateTime, Utc};

use super::{Next, Refusal, Step};
use crate::context::{Context, later};
use crate::effect::Effect;
use crate::generation::{Generation, GenerationNumber};
use crate::record::{OperationKind, OperationOutcome, Record};
use crate::state::{OpenOperation, State, StateError};

/// A step that is being put together: the state as it will be, and the records that make it so.
pub(super) struct Work<'a> {
    pub(super) state: State,
    pub(super) context: &'a Context<'a>,
    /// The ids that the vendor listed for a creation that is about to be intended.
    pub(super) listed_before: Option<Vec<String>>,
    /// Whether the intent of an update was written in this step: its request follows at once.
    pub(super) intends_update: bool,
    records: Vec<Record>,
}

/// What a part of a credential's life can do now.
pub(super) enum Progress {
    /// It wrote records; ask all parts again.
    Recorded,
    /// This is to be carried out.
    Perform(Effect),
    /// Nothing before then, for this reason.
    Wait(DateTime<Utc>, String),
    /// Nothing until a person acts, for this reason.
    Hold(String),
    /// Nothing.
    Nothing,
}

impl Progress {
    /// Of two that can do nothing now, the one that can do something sooner.
    pub(super) fn sooner(self, other: Self) -> Self {
        match (self, other) {
            (Self::Wait(first, reason), Self::Wait(second, _)) if first <= second => Self::Wait(first, reason),
            (_, wait @ Self::Wait(..)) | (wait @ Self::Wait(..), _) => wait,
            (hold @ Self::Hold(_), _) => hold,
            (_, other) => other,
        }
    }
}

impl<'a> Work<'a> {
    pub(super) fn new(state: &State, context: &'a Context<'a>) -> Self {
        Self { state: state.clone(), context, listed_before: None, intends_update: false, records: Vec::new() }
    }

    /// Writes a record, and takes it into account from now on.
    pub(super) fn record(&mut self, record: Record) -> Result<(), Refusal> {
        self.state.apply(self.context.now, &record)?;
        self.records.push(record);
        Ok(())
    }

    pub(super) fn finish(self, next: Next) -> Step {
        Step { records: self.records, next }
    }

    pub(super) fn generation(&self, number: GenerationNumber) -> Result<&Generation, Refusal> {
        let unknown = || StateError::UnknownGeneration { record: "outcome".to_owned(), generation: number };
        Ok(self.state.generations.get(&number).ok_or_else(unknown)?)
    }

    pub(super) fn operation(&self) -> Option<&OpenOperation> {
        self.state.operation.as_ref()
    }

    /// Ends the open operation, if there is one.
    pub(super) fn end(&mut self, outcome: OperationOutcome, message: Option<String>) -> Result<(), Refusal> {
        if self.state.operation.is_none() {
            return Ok(());
        }
        self.record(Record::Ended { outcome, message })
    }

    /// The time that is waited for, while it is yet to come.
    pub(super) fn pending_time(&self, at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        at.filter(|at| *at > self.context.now)
    }

    /// Whether nothing may end this id at the vendor: it is in use, is about to be, or is not this credential's.
    pub(super) fn is_protected(&self, vendor_id: &str) -> bool {
        let ours = [self.state.current(), self.state.pending()];
        let in_use = ours.into_iter().flatten().any(|it| it.vendor_id.as_deref() == Some(vendor_id));
        in_use || self.context.protected.contains(vendor_id)
    }

    /// When every part of the vendor knows a generation: only from then on is "there is none" an answer to rely on.
    pub(super) fn known_everywhere(&self, generation: &Generation) -> DateTime<Utc> {
        let since = generation.acknowledged_at.or(generation.settled_at).unwrap_or(generation.intended_at);
        later(since, u64::from(self.context.facts.consistency_delay))
    }

    /// When a request that was sent at this time, and has no answer, can no longer arrive.
    pub(super) fn settles(&self, sent_at: DateTime<Utc>) -> DateTime<Utc> {
        later(sent_at, self.context.send_window.saturating_add(self.context.settle))
    }

    /// Ends the open operation as failed, unless it is a revocation: that goes on, even if something is left behind.
    pub(super) fn give_up(&mut self, message: String) -> Result<(), Refusal> {
        match self.operation() {
            Some(open) if open.kind == OperationKind::Revoke => Ok(()),
            _ => self.end(OperationOutcome::Failed, Some(message)),
        }
    }
}

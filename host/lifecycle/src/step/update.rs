//! Changing attributes in place.

use super::backoff::{SHORT, next_try};
use super::work::{Progress, Work};
use super::{Refusal, command, issue};
use crate::effect::{Certainty, Effect, Failure, FailureClass, Regenerated};
use crate::generation::GenerationNumber;
use crate::record::{OperationOutcome, Record};
use crate::state::OpenOperation;

/// Tries after which the operation ends as failed.
const TRIES: u32 = 5;

/// Sends the change; a merge patch may be sent again.
pub(super) fn advance(work: &mut Work<'_>, operation: &OpenOperation) -> Result<Progress, Refusal> {
    // The secret that a change made is proven and published first.
    if work.state.pending().is_some() {
        return Ok(Progress::Nothing);
    }
    let in_use = work.state.current().and_then(|it| Some((it.number, it.vendor_id.clone()?, it.marker.clone())));
    let (Some((generation, vendor_id, marker)), Some(patch)) = (in_use, operation.patch.clone()) else {
        work.end(OperationOutcome::Failed, Some("nothing of it is in use".to_owned()))?;
        return Ok(Progress::Recorded);
    };
    if !std::mem::take(&mut work.intends_update) {
        // One that arrived after this one would undo it, or replace the secret once more.
        if let Some(until) = work.pending_time(operation.asked_at.map(|asked_at| work.settles(asked_at))) {
            return Ok(Progress::Wait(until, "a change whose answer was lost may still arrive".to_owned()));
        }
        work.record(Record::UpdateIntended { generation, patch: patch.clone() })?;
    }
    Ok(Progress::Perform(Effect::Update { generation, vendor_id, patch, marker }))
}

pub(super) fn take(
    work: &mut Work<'_>,
    generation: GenerationNumber,
    vendor_id: String,
    updated: Result<Regenerated, Failure>,
) -> Result<(), Refusal> {
    match updated {
        Ok(Regenerated { attributes, expiry, has_secret: true, warnings }) => {
            // The change made a new secret: the object goes on as a new generation.
            let (number, settled_at) = (command::next_number(work), work.context.now);
            work.record(Record::IssueIntended {
                generation: number,
                marker: work.generation(generation)?.marker.clone(),
                asked_expiry: None,
                settled_at,
                replaces: Some(vendor_id.clone()),
                known_ids: Vec::new(),
            })?;
            issue::acknowledge_replacement(work, number, vendor_id, attributes, expiry, warnings)
        }
        Ok(Regenerated { attributes, expiry, has_secret: false, warnings }) => {
            work.record(Record::Updated { generation, attributes, expiry, warnings })?;
            if work.context.facts.update_renews && work.operation().is_some_and(|operation| operation.doubtful) {
                let message = "it is changed, and the answer that may have had a new secret was lost: rotate it";
                return work.end(OperationOutcome::Failed, Some(message.to_owned()));
            }
            work.end(OperationOutcome::Succeeded, None)
        }
        Err(failure) => {
            let failures = work.operation().map_or(TRIES, |operation| operation.failures);
            let in_doubt = failure.certainty == Certainty::InDoubt;
            let may_help = in_doubt || failure.class == FailureClass::Transient;
            // Where a change makes a new secret, a lost answer ended the old one: only another secret mends that.
            let was_cut = in_doubt || work.operation().is_some_and(|operation| operation.doubtful);
            let must = was_cut && work.context.facts.update_renews && failure.class != FailureClass::NotFound;
            let retries = must || (may_help && failures + 1 < TRIES);
            let retry_at = retries.then(|| next_try(work.context, failures, SHORT, failure.retry_after));
            let message = failure.message;
            work.record(Record::UpdateFailed { generation, in_doubt, message: message.clone(), retry_at })?;
            if !retries {
                work.end(OperationOutcome::Failed, Some(message))?;
            }
            Ok(())
        }
    }
}

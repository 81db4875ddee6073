//! Disabling and enabling: by command, and before the end.

use super::Refusal;
use super::backoff::{SHORT, next_try};
use super::work::{Progress, Work};
use crate::context::later;
use crate::effect::{Certainty, Effect, Failure, FailureClass};
use crate::generation::{GenerationNumber, Status};
use crate::record::{OperationOutcome, Record};

/// Tries after which an operation ends as failed.
const TRIES: u32 = 5;

/// A suspension, or its end.
pub(super) fn advance(work: &mut Work<'_>, enabled: bool) -> Result<Progress, Refusal> {
    let in_use = work.state.current().and_then(|current| Some((current.number, current.vendor_id.clone()?, current)));
    let Some((generation, vendor_id, current)) = in_use else {
        work.end(OperationOutcome::Failed, Some("nothing of it is in use".to_owned()))?;
        return Ok(Progress::Recorded);
    };
    if current.disabled != enabled {
        // A request from before whose answer was lost may still arrive, and undo it: then it is asked for once more.
        let settled_at = current.enabling.unsettled_since.map(|since| work.settles(since));
        if settled_at.is_none_or(|settled_at| current.enabling.answered_at > Some(settled_at)) {
            work.end(OperationOutcome::Succeeded, None)?;
            return Ok(Progress::Recorded);
        }
        if let Some(until) = work.pending_time(settled_at.map(|at| later(at, 1))) {
            return Ok(Progress::Wait(until, "a request whose answer was lost may still arrive".to_owned()));
        }
    }
    if let Some(until) = work.pending_time(current.retry_at) {
        return Ok(Progress::Wait(until, current.problem.clone().unwrap_or_default()));
    }
    perform(work, generation, vendor_id, enabled)
}

/// The intent and the request.
pub(super) fn perform(
    work: &mut Work<'_>,
    generation: GenerationNumber,
    vendor_id: String,
    enabled: bool,
) -> Result<Progress, Refusal> {
    work.record(Record::EnablingIntended { generation, enabled })?;
    Ok(Progress::Perform(Effect::SetEnabled { generation, vendor_id, enabled }))
}

pub(super) fn take(
    work: &mut Work<'_>,
    generation: GenerationNumber,
    wanted: bool,
    outcome: Result<bool, Failure>,
) -> Result<(), Refusal> {
    let retiring = work.generation(generation)?.status == Status::Retiring;
    let failure = match outcome {
        Ok(enabled) if enabled == wanted => return work.record(Record::Enabled { generation, enabled }),
        Ok(_) => Failure {
            class: FailureClass::Rejected,
            certainty: Certainty::NoEffect,
            message: "the vendor did not do it".to_owned(),
            retry_after: None,
        },
        Err(failure) => failure,
    };
    let (asked, in_doubt) = (work.generation(generation)?, failure.certainty == Certainty::InDoubt);
    let tried = asked.failures;
    // What may have happened is found out: a key that is disabled although it is said to be in use would be an outage.
    let is_known = retiring || !(in_doubt || asked.enabling.unsettled_since.is_some());
    let gives_up = (tried + 1 >= TRIES && is_known)
        || matches!(failure.class, FailureClass::Rejected | FailureClass::Unsupported | FailureClass::NotFound);
    let retry_at = (!gives_up).then(|| next_try(work.context, tried, SHORT, failure.retry_after));
    work.record(Record::EnablingFailed { generation, in_doubt, message: failure.message.clone(), retry_at })?;
    if gives_up && !retiring {
        work.end(OperationOutcome::Failed, Some(failure.message))?;
    }
    Ok(())
}

//! The open operation, between its generations.

use super::work::{Progress, Work};
use super::{Refusal, enabling, issue, update, withdraw};
use crate::generation::Status;
use crate::record::{OperationKind, OperationOutcome, Strategy};

pub(super) fn advance(work: &mut Work<'_>) -> Result<Progress, Refusal> {
    let Some(operation) = work.operation().cloned() else { return Ok(Progress::Nothing) };
    if let Some(until) = work.pending_time(operation.retry_at) {
        let reason = operation.problem.unwrap_or_else(|| format!("{} goes on", operation.kind.name()));
        return Ok(Progress::Wait(until, reason));
    }
    match operation.kind {
        // What is pending has its own part of the step.
        OperationKind::Create | OperationKind::Rotate if work.state.pending().is_some() => Ok(Progress::Nothing),
        OperationKind::Create | OperationKind::Rotate => {
            let ends_first = operation.strategy == Strategy::RevokeFirst;
            // The ends go on by themselves, and this then.
            let waits = ends_first && work.state.retiring().next().is_some();
            if waits { Ok(Progress::Nothing) } else { issue::begin(work, &operation) }
        }
        // It is verified and published like any other.
        OperationKind::Import if work.state.pending().is_some() => Ok(Progress::Nothing),
        OperationKind::Import => {
            work.end(OperationOutcome::Succeeded, None)?;
            Ok(Progress::Recorded)
        }
        OperationKind::Update => update::advance(work, &operation),
        OperationKind::Suspend => enabling::advance(work, false),
        OperationKind::Resume => enabling::advance(work, true),
        OperationKind::Revoke => {
            let abandoned = work.state.live().find(|generation| generation.status == Status::Abandoned);
            if let Some(number) = abandoned.map(|generation| generation.number) {
                return Ok(Progress::Hold(format!(
                    "generation {number} may exist at the vendor, and only a person can find out: look there, then \
                     `keywright recover --resolve {number}`"
                )));
            }
            let lives = work.state.live().next().is_some();
            if lives { Ok(Progress::Nothing) } else { withdraw::advance(work) }
        }
    }
}

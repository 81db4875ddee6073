//! What a list shows of a state.

use chrono::{DateTime, SubsecRound as _, Utc};
use keywright_lifecycle::{Expiry, Generation, OperationOutcome, RetirementStage, State, Status};

use crate::model::Summary;

impl Summary {
    /// What a list shows of a state. Times are cut to microseconds.
    pub fn of(state: &State, vendor: &str, due: Option<DateTime<Utc>>) -> Self {
        let current = state.current();
        let expires_at = current.and_then(|current| match current.expiry {
            Expiry::At(at) => Some(at.trunc_subsecs(6)),
            Expiry::Never | Expiry::Unreadable(_) => None,
        });
        let count = |statuses: &[Status]| {
            let all = state.generations.values().filter(|generation| statuses.contains(&generation.status));
            u32::try_from(all.count()).unwrap_or(u32::MAX)
        };
        Self {
            name: state.name.clone(),
            account: state.account.clone(),
            vendor: vendor.to_owned(),
            current: state.current,
            vendor_id: current.and_then(|current| current.vendor_id.clone()),
            promoted_at: current.and_then(|current| current.promoted_at).map(|at| at.trunc_subsecs(6)),
            expires_at,
            operation: state.operation.as_ref().map(|operation| operation.kind.name().to_owned()),
            retiring: count(&[Status::Retiring]),
            doubtful: count(&[Status::InDoubt, Status::Abandoned]),
            suspended: state.suspended,
            closed: state.closed,
            problem: problem(state),
            due: due.map(|due| due.trunc_subsecs(6)),
        }
    }
}

/// What is wrong: with the open operation, with a generation (the latest first), with a sink, or how the last operation
/// ended when none is open.
fn problem(state: &State) -> Option<String> {
    let operation = state.operation.as_ref().and_then(|operation| operation.problem.clone());
    let mut live = state.generations.values().rev().filter(|generation| generation.status.may_live());
    let generation = || live.find_map(problem_of);
    let withdrawal = || state.withdrawals.values().find_map(|sink| sink.problem.clone());
    let last = || match (&state.operation, &state.last_outcome) {
        (None, Some((kind, OperationOutcome::Failed, message))) => {
            let message = message.as_deref().unwrap_or("no reason was recorded");
            Some(format!("its last operation `{}` failed: {message}", kind.name()))
        }
        _ => None,
    };
    operation.or_else(generation).or_else(withdrawal).or_else(last)
}

fn problem_of(generation: &Generation) -> Option<String> {
    // In its grace a generation is kept because it is still used: that is as it should be.
    let stage = generation.retirement.as_ref().map(|retirement| retirement.stage);
    if generation.status == Status::Retiring && stage == Some(RetirementStage::Grace) {
        return None;
    }
    let sink = || generation.publications.values().find_map(|sink| sink.problem.clone());
    generation.problem.clone().or_else(sink)
}

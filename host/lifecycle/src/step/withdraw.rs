//! Taking an ended credential out of its sinks.

use std::collections::BTreeSet;

use super::Refusal;
use super::backoff::{SHORT, next_try};
use super::work::{Progress, Work};
use crate::effect::{Effect, Failure};
use crate::record::{OperationOutcome, Record};

/// Goes through all sinks that ever had it; then the operation ends.
pub(super) fn advance(work: &mut Work<'_>) -> Result<Progress, Refusal> {
    let published = work.state.generations.values().flat_map(|generation| generation.publications.keys());
    let sinks: BTreeSet<String> = published.cloned().collect();
    let mut waits = Progress::Nothing;
    for sink in sinks {
        let withdrawal = work.state.withdrawals.get(&sink).cloned().unwrap_or_default();
        if withdrawal.acknowledged_at.is_some() {
            continue;
        }
        if let Some(until) = work.pending_time(withdrawal.retry_at) {
            let problem = withdrawal.problem.unwrap_or_default();
            waits = waits.sooner(Progress::Wait(until, format!("the sink `{sink}` still has it: {problem}")));
            continue;
        }
        work.record(Record::WithdrawalIntended { sink: sink.clone() })?;
        return Ok(Progress::Perform(Effect::Withdraw { sink }));
    }
    if matches!(waits, Progress::Wait(..)) {
        return Ok(waits);
    }
    work.end(OperationOutcome::Succeeded, None)?;
    Ok(Progress::Recorded)
}

pub(super) fn take(work: &mut Work<'_>, sink: String, withdrawn: Result<(), Failure>) -> Result<(), Refusal> {
    match withdrawn {
        Ok(()) => work.record(Record::Withdrawn { sink }),
        Err(failure) => {
            let failures = work.state.withdrawals.get(&sink).map_or(0, |withdrawal| withdrawal.failures);
            let retry_at = next_try(work.context, failures, SHORT, failure.retry_after);
            work.record(Record::WithdrawalFailed { sink, message: failure.message, retry_at })
        }
    }
}

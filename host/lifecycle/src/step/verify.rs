//! Trying a new secret at the vendor: bounded, spaced through the vendor's delay, and never into a lock-out.

use chrono::{DateTime, Utc};

use super::backoff::{SHORT, next_try};
use super::work::{Progress, Work};
use super::{Refusal, issue};
use crate::context::later;
use crate::effect::{Certainty, Effect, Failure, FailureClass, Verification};
use crate::facts::Facts;
use crate::generation::{Generation, GenerationNumber, Origin, Status};
use crate::record::{OperationOutcome, Record};

/// Refused tries of one new secret, at vendors that lock nothing.
const TRIES: u32 = 6;

pub(super) fn advance(work: &mut Work<'_>) -> Result<Progress, Refusal> {
    let Some(pending) = work.state.pending().filter(|pending| pending.status == Status::Issued) else {
        return Ok(Progress::Nothing);
    };
    let (generation, facts) = (pending.number, work.context.facts);
    let Some(vendor_id) = pending.vendor_id.clone().filter(|_| facts.verifies) else {
        // Nobody can say that it works: it is given the time after which it must.
        if let Some(until) = work.pending_time(Some(work.known_everywhere(pending))) {
            return Ok(Progress::Wait(
                until,
                format!("generation {generation} is not known everywhere at the vendor yet"),
            ));
        }
        work.record(Record::Verified { generation, unproven: true })?;
        return Ok(Progress::Recorded);
    };
    if pending.verifications >= tries(facts) {
        // The last one had no answer before the program ended.
        give_up(work, generation, "it was not proven to work within the tries that the vendor allows".to_owned())?;
        return Ok(Progress::Recorded);
    }
    let due = pending.retry_at.max(Some(due(pending, facts)));
    if let Some(until) = work.pending_time(due) {
        return Ok(Progress::Wait(until, format!("generation {generation} is yet to be proven to work")));
    }
    work.record(Record::VerificationBegun { generation })?;
    Ok(Progress::Perform(Effect::Verify { generation, vendor_id }))
}

/// How often a secret may be refused. At a vendor that locks after some, two fewer: someone else may use one up.
fn tries(facts: &Facts) -> u32 {
    facts.lock_out.map_or(TRIES, |tries| tries.saturating_sub(2).clamp(1, TRIES))
}

/// When the next try is due: the first at once, the last when the vendor's delay is over, closer together at first.
fn due(generation: &Generation, facts: &Facts) -> DateTime<Utc> {
    let acknowledged_at = generation.acknowledged_at.unwrap_or(generation.intended_at);
    let (delay, tries) = (u64::from(facts.consistency_delay), u64::from(tries(facts)));
    let begun = u64::from(generation.verifications);
    let offset = match tries {
        // The only one there is: when it is sure to count.
        1 => delay,
        _ => (delay * begun * begun).div_ceil((tries - 1) * (tries - 1)),
    };
    later(acknowledged_at, offset.max(begun))
}

pub(super) fn take(
    work: &mut Work<'_>,
    generation: GenerationNumber,
    verdict: Result<Verification, Failure>,
) -> Result<(), Refusal> {
    let facts = work.context.facts;
    let tried = work.generation(generation)?;
    let (message, refused, retry_after) = match verdict {
        Ok(Verification::Works) => return work.record(Record::Verified { generation, unproven: false }),
        Err(Failure { class: FailureClass::Unsupported, .. }) => {
            return work.record(Record::Verified { generation, unproven: true });
        }
        Ok(Verification::Refused(message)) => (message, true, None),
        Ok(Verification::Inconclusive(message)) => (message, false, None),
        // Where refused tries are counted, one without an answer may have been one of them.
        Err(failure) if facts.lock_out.is_some() && failure.certainty == Certainty::InDoubt => {
            (failure.message, true, failure.retry_after)
        }
        Err(failure) => (failure.message, false, failure.retry_after),
    };
    if !refused {
        // The vendor said nothing of the secret: it may well work, and is not given up.
        let retry_at = Some(next_try(work.context, tried.failures, SHORT, retry_after));
        return work.record(Record::VerificationFailed { generation, message, refused, retry_at });
    }
    let wait = u64::from(retry_after.unwrap_or_default()).max(1);
    let next = due(tried, facts).max(work.context.in_seconds(wait));
    let retries = tried.verifications < tries(facts);
    let retry_at = retries.then_some(next);
    work.record(Record::VerificationFailed { generation, message: message.clone(), refused, retry_at })?;
    if retries {
        return Ok(());
    }
    give_up(work, generation, format!("the new secret is not proven to work: {message}"))
}

/// Ends a new generation that does not work.
fn give_up(work: &mut Work<'_>, generation: GenerationNumber, message: String) -> Result<(), Refusal> {
    let tried = work.generation(generation)?;
    if tried.origin != Origin::Regenerated {
        return issue::reject(work, generation, message);
    }
    // The object was in use before, and there is no other: it is not ended for that.
    let candidates = tried.vendor_id.iter().cloned().collect();
    work.record(Record::Abandoned { generation, candidates, message: message.clone() })?;
    work.end(OperationOutcome::Failed, Some(message))
}

//! A creation whose answer was lost: it is never sent again. What it made is looked for by its marker, and ended.

use super::Refusal;
use super::backoff::{LONG, next_try};
use super::work::{Progress, Work};
use crate::context::later;
use crate::effect::{Effect, Failure, FailureClass, Found, SeekReason};
use crate::generation::{GenerationNumber, Origin, Status};
use crate::record::Record;

/// Lists that must show nothing, one after the other, before a creation counts as not having happened.
const EMPTY_SEARCHES: u32 = 2;

/// The time between two of them, in seconds, where what is still on its way is waited for that long or longer.
const BETWEEN_SEARCHES: u64 = 5;

pub(super) fn advance(work: &mut Work<'_>) -> Result<Progress, Refusal> {
    let Some(pending) = work.state.pending() else { return Ok(Progress::Nothing) };
    let (generation, facts, context) = (pending.number, work.context.facts, work.context);
    match pending.status {
        Status::Intended => {
            let message = "the program ended before the vendor's answer was recorded".to_owned();
            work.record(Record::IssueInDoubt { generation, message })?;
            return Ok(Progress::Recorded);
        }
        Status::InDoubt => {}
        _ => return Ok(Progress::Nothing),
    }
    // A request that was sent late, or is held up somewhere, has arrived by then and is listed.
    let settled_at = pending.settled_at.unwrap_or(pending.intended_at);
    let settled_at = later(settled_at, context.settle + u64::from(facts.consistency_delay));
    // What was found is ended at once, unless that just failed; only a list is to be looked at again later.
    let retry_at = pending.retry_at.filter(|_| pending.found.is_empty() || pending.failures > 0);
    if let Some(until) = work.pending_time(Some(settled_at)).or_else(|| work.pending_time(retry_at)) {
        let reason = format!("generation {generation} is in doubt, and is looked for at the vendor");
        return Ok(Progress::Wait(until, reason));
    }
    if pending.origin == Origin::Regenerated {
        // It made no object that could be left behind: the next secret ends this one.
        work.record(Record::IssueAbsent { generation })?;
        return Ok(Progress::Recorded);
    }
    if let Some(vendor_id) = pending.found.first().cloned() {
        if work.is_protected(&vendor_id) {
            return abandon(work, generation, "what carries its marker is in use elsewhere");
        }
        work.record(Record::CompensationIntended { generation, vendor_id: vendor_id.clone() })?;
        return Ok(Progress::Perform(Effect::Revoke { generation, vendor_id }));
    }
    if pending.empty_searches >= EMPTY_SEARCHES {
        work.record(Record::IssueAbsent { generation })?;
        return Ok(Progress::Recorded);
    }
    if !facts.lists {
        return abandon(work, generation, "the vendor has no list to look for it in");
    }
    let marker = pending.marker.clone();
    Ok(Progress::Perform(Effect::Seek { reason: SeekReason::Doubt(generation), marker }))
}

pub(super) fn take_found(work: &mut Work<'_>, generation: GenerationNumber, found: Vec<Found>) -> Result<(), Refusal> {
    let pending = work.generation(generation)?;
    let (settle, delay) = (work.context.settle, u64::from(work.context.facts.consistency_delay));
    let wait = settle.clamp(1, BETWEEN_SEARCHES).max(delay);
    let retry_at = work.context.in_seconds(wait);
    let Some(marker) = &pending.marker else {
        let since = pending.intended_at;
        let is_new = |found: &Found| {
            !pending.known_ids.contains(&found.vendor_id)
                && found.created_at.is_none_or(|created_at| later(created_at, 300) >= since)
        };
        let candidates: Vec<_> = found.into_iter().filter(is_new).map(|found| found.vendor_id).collect();
        if candidates.is_empty() {
            return work.record(Record::IssueSought { generation, found: Vec::new(), retry_at });
        }
        // Someone else may have made them meanwhile: without a marker that is for a person to say.
        let message = format!(
            "its answer was lost, and the vendor keeps no marker: of {}, which the vendor did not list before, one may be \
             it",
            candidates.join(", ")
        );
        work.record(Record::Abandoned { generation, candidates, message: message.clone() })?;
        return work.give_up(message);
    };
    let ours = found.into_iter().filter(|found| found.marker.as_ref() == Some(marker));
    let found: Vec<_> = ours.map(|found| found.vendor_id).collect();
    work.record(Record::IssueSought { generation, found, retry_at })
}

pub(super) fn take_revoked(
    work: &mut Work<'_>,
    generation: GenerationNumber,
    vendor_id: String,
    revoked: Result<(), Failure>,
) -> Result<(), Refusal> {
    match revoked {
        Ok(()) | Err(Failure { class: FailureClass::NotFound, .. }) => {
            work.record(Record::Compensated { generation, vendor_id })
        }
        Err(failure) => {
            let failures = work.generation(generation)?.failures;
            let retry_at = next_try(work.context, failures, LONG, failure.retry_after);
            work.record(Record::SeekFailed { generation, message: failure.message, retry_at })
        }
    }
}

fn abandon(work: &mut Work<'_>, generation: GenerationNumber, why: &str) -> Result<Progress, Refusal> {
    let message = format!("its answer was lost, and {why}: look there");
    let candidates = work.generation(generation)?.found.clone();
    work.record(Record::Abandoned { generation, candidates, message: message.clone() })?;
    work.give_up(message)?;
    Ok(Progress::Recorded)
}

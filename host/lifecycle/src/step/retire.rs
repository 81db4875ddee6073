//! The end of a generation: grace, gates, disabled for a while, deleted, read back, forgotten.

use chrono::{DateTime, Utc};

use super::backoff::{LONG, next_try};
use super::work::{Progress, Work};
use super::{Refusal, enabling};
use crate::context::later;
use crate::effect::{Effect, Failure, FailureClass, Observation};
use crate::facts::LastUsedFacts;
use crate::generation::{Generation, GenerationNumber, Retirement, RetirementStage};
use crate::record::Record;

/// The longest time, in seconds, between two looks at a gate.
const LONGEST_LOOK: u64 = 6 * 3_600;

/// The shortest time, in seconds, without use after which an old generation that was used late is no longer needed: a day,
/// for what runs once in a day.
const QUIET: u64 = 86_400;

/// Schedules the end of a generation that has a successor: after its grace, when nobody uses it any longer.
pub(super) fn after_successor(work: &mut Work<'_>, generation: GenerationNumber) -> Result<(), Refusal> {
    let (policy, facts, now) = (&work.state.spec.policy, work.context.facts, work.context.now);
    let old = work.generation(generation)?;
    if old.compromised {
        return at_once(work, generation);
    }
    let since = old.promoted_at.unwrap_or(old.intended_at);
    let retirement = Retirement {
        not_before: work.context.in_seconds(policy.grace),
        gate_on_use: policy.gate_on_use && facts.gets && facts.last_used.is_some(),
        gate_until: policy.max_age.map(|age| later(since, age).max(work.context.in_seconds(policy.grace))),
        used_since: now,
        soak: facts.disables.then_some(policy.soak),
        stage: RetirementStage::Grace,
        attempts: 0,
        asked_at: None,
    };
    work.record(Record::RetirementScheduled { generation, retirement })
}

/// Schedules the end of a generation now: without grace, gates or a while of being disabled.
pub(super) fn at_once(work: &mut Work<'_>, generation: GenerationNumber) -> Result<(), Refusal> {
    if work.state.current == Some(generation) {
        work.record(Record::Demoted { generation })?;
    }
    let retirement = immediate(work.context.now, 0);
    work.record(Record::RetirementScheduled { generation, retirement })
}

/// Ends a grace that has begun.
pub(super) fn hasten(work: &mut Work<'_>, generation: GenerationNumber) -> Result<(), Refusal> {
    let is_waiting = |retirement: &Retirement| {
        matches!(retirement.stage, RetirementStage::Grace | RetirementStage::Released | RetirementStage::Soaking { .. })
    };
    let Some(old) = work.generation(generation)?.retirement.clone().filter(is_waiting) else { return Ok(()) };
    let retirement = immediate(work.context.now, old.attempts);
    work.record(Record::RetirementScheduled { generation, retirement })
}

fn immediate(now: DateTime<Utc>, attempts: u32) -> Retirement {
    Retirement {
        not_before: now,
        gate_on_use: false,
        gate_until: None,
        used_since: now,
        soak: None,
        stage: RetirementStage::Grace,
        attempts,
        asked_at: None,
    }
}

pub(super) fn advance(work: &mut Work<'_>, generation: GenerationNumber) -> Result<Progress, Refusal> {
    let old = work.generation(generation)?;
    let Some(retirement) = old.retirement.clone() else { return Ok(Progress::Nothing) };
    if let Some(until) = work.pending_time(old.retry_at) {
        let problem = old.problem.clone().unwrap_or_default();
        return Ok(Progress::Wait(until, format!("generation {generation} is kept: {problem}")));
    }
    let Some(vendor_id) = old.vendor_id.clone() else {
        work.record(Record::RevocationConfirmed { generation })?;
        return Ok(Progress::Recorded);
    };
    let (facts, now, disabled) = (work.context.facts, work.context.now, old.disabled);
    match retirement.stage {
        RetirementStage::Grace => {
            if let Some(until) = work.pending_time(Some(retirement.not_before)) {
                return Ok(Progress::Wait(until, format!("generation {generation} works on until its grace is over")));
            }
            let gives_way = retirement.gate_until.is_some_and(|until| until <= now);
            if retirement.gate_on_use && facts.gets && !gives_way {
                // Until then "there is none" would not mean that someone else ended it.
                if let Some(until) = work.pending_time(Some(work.known_everywhere(old))) {
                    return Ok(Progress::Wait(until, format!("generation {generation} is not known everywhere yet")));
                }
                return Ok(Progress::Perform(Effect::Inspect { generation, vendor_id }));
            }
            work.record(Record::GatesOpen { generation })?;
            Ok(Progress::Recorded)
        }
        // The guard stands before each request that ends something.
        _ if work.is_protected(&vendor_id) => {
            let message = format!("`{vendor_id}` is in use by another credential or by the account itself");
            let retry_at = work.context.in_seconds(LONG);
            work.record(Record::GateHeld { generation, message, retry_at })?;
            Ok(Progress::Recorded)
        }
        RetirementStage::Released if retirement.soak.is_some() && disabled => {
            // It was suspended before.
            work.record(Record::Enabled { generation, enabled: false })?;
            Ok(Progress::Recorded)
        }
        RetirementStage::Released if retirement.soak.is_some() && facts.disables => {
            enabling::perform(work, generation, vendor_id, false)
        }
        RetirementStage::Soaking { until } if until > now => {
            Ok(Progress::Wait(until, format!("generation {generation} is disabled, and is then deleted")))
        }
        RetirementStage::Released | RetirementStage::Soaking { .. } | RetirementStage::Revoking => {
            work.record(Record::RevocationIntended { generation })?;
            Ok(Progress::Perform(Effect::Revoke { generation, vendor_id }))
        }
        RetirementStage::Acknowledged if facts.gets => Ok(Progress::Perform(Effect::Inspect { generation, vendor_id })),
        RetirementStage::Acknowledged => {
            confirm(work, generation)?;
            Ok(Progress::Recorded)
        }
    }
}

pub(super) fn take_revoked(
    work: &mut Work<'_>,
    generation: GenerationNumber,
    revoked: Result<(), Failure>,
) -> Result<(), Refusal> {
    match revoked {
        Err(Failure { class: FailureClass::NotFound, .. }) if is_too_new(work, generation)? => {
            unknown_yet(work, generation)
        }
        Ok(()) | Err(Failure { class: FailureClass::NotFound, .. }) => {
            work.record(Record::RevocationAcknowledged { generation })
        }
        Err(failure) => fail(work, generation, failure.message, failure.retry_after),
    }
}

pub(super) fn take_inspected(
    work: &mut Work<'_>,
    generation: GenerationNumber,
    seen: Result<Option<Observation>, Failure>,
) -> Result<(), Refusal> {
    let old = work.generation(generation)?.clone();
    let Some(retirement) = &old.retirement else { return Err(Refusal::UnexpectedOutcome) };
    let seen = match seen {
        Err(Failure { class: FailureClass::NotFound, .. }) => Ok(None),
        seen => seen,
    };
    match (retirement.stage, seen) {
        (_, Ok(None)) => {
            if retirement.stage != RetirementStage::Acknowledged {
                // The vendor ended it itself, or someone else did.
                work.record(Record::RevocationAcknowledged { generation })?;
            }
            confirm(work, generation)
        }
        (RetirementStage::Acknowledged, Ok(Some(_))) => {
            fail(work, generation, "the vendor still shows it after it acknowledged its end".to_owned(), None)
        }
        (RetirementStage::Acknowledged, Err(failure)) => fail(work, generation, failure.message, failure.retry_after),
        (_, Ok(Some(seen))) => match held(work, &old, retirement, &seen) {
            None => work.record(Record::GatesOpen { generation }),
            Some((message, retry_at)) => work.record(Record::GateHeld { generation, message, retry_at }),
        },
        (_, Err(failure)) => {
            let retry_at = next_try(work.context, old.failures, LONG, failure.retry_after);
            let message = format!("when it was last used cannot be read: {}", failure.message);
            work.record(Record::GateHeld { generation, message, retry_at })
        }
    }
}

/// What is said of a generation that the vendor made a moment ago and does not find.
const UNKNOWN_YET: &str = "the vendor does not find it yet";

/// Whether "there is none" may mean that the part of the vendor that was asked did not know it yet. What counts is when it
/// was asked: the answer may have taken its time.
fn is_too_new(work: &Work<'_>, generation: GenerationNumber) -> Result<bool, Refusal> {
    let old = work.generation(generation)?;
    let asked_at = old.retirement.as_ref().and_then(|retirement| retirement.asked_at);
    Ok(Some(work.known_everywhere(old)) > asked_at)
}

fn unknown_yet(work: &mut Work<'_>, generation: GenerationNumber) -> Result<(), Refusal> {
    let retry_at = work.known_everywhere(work.generation(generation)?);
    work.record(Record::RevocationFailed { generation, message: UNKNOWN_YET.to_owned(), retry_at })
}

/// Why an old generation is kept, and until when: it was used since its successor was published, or that is not known yet.
fn held(
    work: &Work<'_>,
    old: &Generation,
    retirement: &Retirement,
    seen: &Observation,
) -> Option<(String, DateTime<Utc>)> {
    let LastUsedFacts { precision, lag } = work.context.facts.last_used?;
    let now = work.context.now;
    let grace = u64::try_from((retirement.not_before - retirement.used_since).num_seconds()).unwrap_or_default();
    let again = work.context.in_seconds((grace.max(QUIET) / 8).min(LONGEST_LOOK));
    let again = retirement.gate_until.map_or(again, |until| again.min(until.max(work.context.in_seconds(1))));
    if seen.last_used_unreadable {
        return Some(("when it was last used cannot be read".to_owned(), again));
    }
    // What was used until its successor was published may be shown only now.
    let shown_at = later(retirement.used_since, u64::from(lag));
    if shown_at > now {
        return Some(("the vendor may not show its last use yet".to_owned(), shown_at));
    }
    let last_used_at = seen.last_used_at?;
    if last_used_at > retirement.used_since {
        // **Choice**: use within the grace is what the grace is for. It is held until it was not used for as long as the
        // grace, and a day at least.
        let quiet = u64::from(lag) + u64::from(precision.saturating_sub(1)) + grace.max(QUIET);
        let quiet_at = later(last_used_at, quiet);
        if quiet_at <= now {
            return None;
        }
        let again = again.min(quiet_at);
        let last = last_used_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        return Some((
            format!("it was used at {last}, after generation {} was published", successor(work, old)),
            again,
        ));
    }
    // The use lies somewhere in this span. Once the span is over and the vendor still shows no later one, it was before.
    let span_ends = later(last_used_at, u64::from(precision.saturating_sub(1)));
    let known_at = later(span_ends, u64::from(lag) + 1);
    if span_ends > retirement.used_since && known_at > now {
        return Some(("whether it was used since is known only when its day is over".to_owned(), known_at));
    }
    None
}

fn successor(work: &Work<'_>, old: &Generation) -> GenerationNumber {
    work.state.current.unwrap_or(old.number + 1)
}

fn confirm(work: &mut Work<'_>, generation: GenerationNumber) -> Result<(), Refusal> {
    work.record(Record::RevocationConfirmed { generation })?;
    if work.generation(generation)?.has_secret {
        work.record(Record::SecretDestroyed { generation })?;
    }
    Ok(())
}

fn fail(
    work: &mut Work<'_>,
    generation: GenerationNumber,
    message: String,
    retry_after: Option<u32>,
) -> Result<(), Refusal> {
    let old = work.generation(generation)?;
    // The vendor is given its time to show the end.
    let least = work.context.facts.consistency_delay.max(retry_after.unwrap_or_default());
    let retry_at = next_try(work.context, old.failures, LONG, Some(least));
    work.record(Record::RevocationFailed { generation, message, retry_at })
}

//! Asking the vendor for a secret: once for each generation.

use chrono::{DateTime, Utc};

use super::backoff::{LONG, SHORT, next_try};
use super::work::{Progress, Work};
use super::{Refusal, command, retire};
use crate::context::later;
use crate::effect::{Certainty, Created, Effect, Failure, FailureClass, Regenerated, SeekReason};
use crate::facts::ExpiryFacts;
use crate::generation::{Expiry, Generation, GenerationNumber, Origin, Status, Warning};
use crate::record::{OperationOutcome, Record, Strategy};
use crate::state::OpenOperation;

/// How many generations an operation tries before it gives up. What is in use works on meanwhile.
const MOST_ATTEMPTS: u32 = 5;

/// A year: how long a credential lives at a vendor that demands an expiry, where the policy plans none.
const UNPLANNED: u64 = 365 * 86_400;

/// How much less, in seconds, than the most life is asked for: the request takes a moment, and clocks differ.
const CLOCKS: u64 = 60;

/// How much of the most life that a vendor gives cannot be planned with.
pub(super) fn margin(expiry: &ExpiryFacts) -> u64 {
    // The vendor may round down.
    CLOCKS + u64::from(expiry.granularity.saturating_sub(1))
}

/// Begins a generation: the intent, which is durable before the request is sent.
pub(super) fn begin(work: &mut Work<'_>, operation: &OpenOperation) -> Result<Progress, Refusal> {
    if operation.attempts >= MOST_ATTEMPTS && !is_cut(work) {
        let cause = operation.problem.as_deref().unwrap_or("each answer was lost");
        let message = format!("it was given up after {MOST_ATTEMPTS} tries: {cause}");
        work.end(OperationOutcome::Failed, Some(message))?;
        return Ok(Progress::Recorded);
    }
    let facts = work.context.facts;
    if operation.strategy == Strategy::InPlace {
        return regenerate(work);
    }
    let live = u32::try_from(work.state.live().count()).unwrap_or(u32::MAX);
    if facts.live_limit.is_some_and(|limit| live >= limit) && work.state.retiring().next().is_some() {
        // An earlier one makes room when it ends.
        return Ok(Progress::Nothing);
    }
    match work.listed_before.take() {
        Some(known_ids) => create(work, known_ids),
        None if facts.marker.is_none() && facts.lists => {
            Ok(Progress::Perform(Effect::Seek { reason: SeekReason::Before, marker: None }))
        }
        None => create(work, Vec::new()),
    }
}

/// The intent and the request of a creation.
fn create(work: &mut Work<'_>, known_ids: Vec<String>) -> Result<Progress, Refusal> {
    let generation = command::next_number(work);
    let marker = work.context.facts.marker.map(|_| (work.context.marker)(generation));
    let asked_expiry = asked_expiry(work);
    let settled_at = work.context.in_seconds(work.context.send_window);
    let attributes = work.state.spec.attributes.clone();
    let idempotency_key = work.context.facts.idempotent.then(|| (work.context.marker)(generation));
    let intent = Record::IssueIntended {
        generation,
        marker: marker.clone(),
        asked_expiry,
        settled_at,
        replaces: None,
        known_ids,
    };
    work.record(intent)?;
    Ok(Progress::Perform(Effect::Create { generation, attributes, marker, expires_at: asked_expiry, idempotency_key }))
}

/// The intent and the request of a new secret for the vendor's object that is in use.
fn regenerate(work: &mut Work<'_>) -> Result<Progress, Refusal> {
    let object = work.state.current.or_else(|| command::replaceable(work));
    let object = object.and_then(|number| work.state.generations.get(&number));
    let Some(vendor_id) = object.and_then(|it| it.vendor_id.clone()) else {
        work.end(OperationOutcome::Failed, Some("nothing of it is at the vendor any more: create it anew".to_owned()))?;
        return Ok(Progress::Recorded);
    };
    let generation = command::next_number(work);
    let expires_at = asked_expiry(work);
    let settled_at = work.context.in_seconds(work.context.send_window);
    work.record(Record::IssueIntended {
        generation,
        marker: None,
        asked_expiry: expires_at,
        settled_at,
        replaces: Some(vendor_id.clone()),
        known_ids: Vec::new(),
    })?;
    Ok(Progress::Perform(Effect::Regenerate { generation, vendor_id, expires_at }))
}

/// The expiry to ask for: a little past the planned life, so that what is lost ends by itself.
fn asked_expiry(work: &Work<'_>) -> Option<DateTime<Utc>> {
    let (expiry, policy) = (work.context.facts.expiry, &work.state.spec.policy);
    if !expiry.supported {
        return None;
    }
    let planned = match policy.rotate_after.or(policy.max_age) {
        Some(planned) => planned.saturating_add(policy.grace).saturating_add(policy.soak),
        None if expiry.required => UNPLANNED,
        None => return None,
    };
    // A tenth, and at least a day: for a rotation that is late.
    let life = planned.saturating_add((planned / 10).max(86_400));
    let step = u64::from(expiry.granularity.max(1));
    let life = life.div_ceil(step).saturating_mul(step).max(expiry.least.unwrap_or_default());
    let most = expiry.most.map(|most| most.saturating_sub(CLOCKS).max(expiry.least.unwrap_or_default()));
    let life = most.map_or(life, |most| life.min(most));
    Some(later(work.context.now, life))
}

pub(super) fn take_created(
    work: &mut Work<'_>,
    generation: GenerationNumber,
    created: Result<Created, Failure>,
) -> Result<(), Refusal> {
    match created {
        Ok(Created { vendor_id, attributes, expiry, warnings }) => {
            let mut warnings = warnings;
            warnings.extend(lost_expiry(work.generation(generation)?, &expiry));
            work.record(Record::IssueAcknowledged { generation, vendor_id, attributes, expiry, warnings })?;
            refuse_short_life(work, generation)
        }
        Err(failure) => take_failure(work, generation, failure),
    }
}

pub(super) fn take_regenerated(
    work: &mut Work<'_>,
    generation: GenerationNumber,
    vendor_id: String,
    regenerated: Result<Regenerated, Failure>,
) -> Result<(), Refusal> {
    match regenerated {
        Ok(Regenerated { attributes, expiry, warnings, has_secret: true }) => {
            acknowledge_replacement(work, generation, vendor_id, attributes, expiry, warnings)
        }
        Ok(Regenerated { has_secret: false, .. }) => {
            let message = "the adapter gave no new secret".to_owned();
            let failure =
                Failure { class: FailureClass::Internal, certainty: Certainty::InDoubt, message, retry_after: None };
            take_failure(work, generation, failure)
        }
        Err(failure) => take_failure(work, generation, failure),
    }
}

/// Records a secret that took the place of another at the same object of the vendor.
pub(super) fn acknowledge_replacement(
    work: &mut Work<'_>,
    generation: GenerationNumber,
    vendor_id: String,
    attributes: serde_json::Map<String, serde_json::Value>,
    expiry: Expiry,
    warnings: Vec<Warning>,
) -> Result<(), Refusal> {
    let same = |it: &&Generation| it.vendor_id.as_deref() == Some(&vendor_id) && it.status.may_live();
    let before: Vec<_> = work.state.generations.values().filter(same).map(|it| (it.number, it.has_secret)).collect();
    for (generation, had_secret) in before {
        work.record(Record::Replaced { generation })?;
        if had_secret {
            work.record(Record::SecretDestroyed { generation })?;
        }
    }
    work.record(Record::IssueAcknowledged { generation, vendor_id, attributes, expiry, warnings })
}

fn take_failure(work: &mut Work<'_>, generation: GenerationNumber, failure: Failure) -> Result<(), Refusal> {
    let Failure { class, certainty, message, retry_after } = failure;
    if certainty == Certainty::InDoubt {
        return work.record(Record::IssueInDoubt { generation, message });
    }
    let attempts = work.operation().map_or(MOST_ATTEMPTS, |operation| operation.attempts);
    let is_cut = class != FailureClass::NotFound && is_cut(work);
    let retries = is_cut || (class == FailureClass::Transient && attempts < MOST_ATTEMPTS);
    let most = if is_cut { LONG } else { SHORT };
    let retry_at = retries.then(|| next_try(work.context, attempts.saturating_sub(1), most, retry_after));
    work.record(Record::IssueRefused { generation, class, message: message.clone(), retry_at })?;
    if retry_at.is_none() {
        work.end(OperationOutcome::Failed, Some(message))?;
    }
    Ok(())
}

/// Whether the answer to a replacement in place was lost: the secret in use may have ended, and only another one mends
/// that. It is not given up then.
fn is_cut(work: &Work<'_>) -> bool {
    let since = work.state.current.unwrap_or_default();
    let after = work.state.generations.range(since..).map(|(_, it)| it);
    // Of one that was refused, the refusal is known.
    let mut lost = after.filter(|it| it.status == Status::Void && it.problem.is_none());
    lost.any(|it| it.origin == Origin::Regenerated)
}

/// What to say when the vendor gave no expiry although one was asked for.
fn lost_expiry(intended: &Generation, expiry: &Expiry) -> Option<Warning> {
    let asked = intended.asked_expiry?;
    let message = match expiry {
        Expiry::Never => format!("the vendor was asked to end it at {}, and will not end it", asked.to_rfc3339()),
        Expiry::Unreadable(text) => format!("when the vendor ends it cannot be read: `{text}`"),
        Expiry::At(_) => return None,
    };
    Some(Warning { pointer: Some("/expires_at".to_owned()), message })
}

/// A generation that the vendor ends before its planned life is over is not used.
fn refuse_short_life(work: &mut Work<'_>, number: GenerationNumber) -> Result<(), Refusal> {
    let generation = work.generation(number)?;
    let Expiry::At(expires_at) = generation.expiry else { return Ok(()) };
    let planned = work.state.spec.policy.rotate_after.unwrap_or_default();
    // A day-wise vendor may round down: what counts is the planned life, not what was asked for.
    if expires_at >= later(work.context.now, planned) {
        return Ok(());
    }
    let message = format!("the vendor ends it at {}, before it is due to be replaced", expires_at.to_rfc3339());
    reject(work, number, message)
}

/// Ends a new generation that is not to be used. What is in use works on.
pub(super) fn reject(work: &mut Work<'_>, generation: GenerationNumber, message: String) -> Result<(), Refusal> {
    work.record(Record::Unfit { generation, message: message.clone() })?;
    retire::at_once(work, generation)?;
    if work.generation(generation)?.status == Status::Retiring {
        work.end(OperationOutcome::Failed, Some(message))?;
    }
    Ok(())
}

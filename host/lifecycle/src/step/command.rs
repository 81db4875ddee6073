//! Beginning what an operator asks for.

use super::work::Work;
use super::{Command, Refusal, issue, retire};
use crate::generation::{GenerationNumber, Status};
use crate::policy::Spec;
use crate::record::{OperationKind, OperationOutcome, Record, Strategy};

pub(super) fn begin(work: &mut Work<'_>, command: Command) -> Result<(), Refusal> {
    // A revocation goes before everything: it takes over what is under way.
    // Another policy or other sinks may be what it waits for; what is being made is not changed by that.
    let goes_before = match &command {
        Command::Revoke { .. } | Command::Resolve { .. } => true,
        Command::Respecify { spec } => {
            let present = &work.state.spec;
            spec.attributes == present.attributes && spec.rotate_serial == present.rotate_serial
        }
        _ => false,
    };
    if let (Some(open), false) = (work.operation(), goes_before) {
        return Err(Refusal::Busy(open.kind));
    }
    match command {
        Command::Create { spec, reason } => {
            let there = work.state.live().find(|generation| generation.status != Status::Retiring);
            match there.map(|generation| (generation.status, generation.number)) {
                Some((Status::Abandoned, number)) => return Err(Refusal::Unresolved(number)),
                Some(_) => return Err(Refusal::Exists),
                None => {}
            }
            check_life(work, &spec)?;
            begun(work, OperationKind::Create, Strategy::Overlap, reason, spec)
        }
        Command::Rotate { spec, reason, compromised, revoke_first, allow_downtime } => {
            rotate(work, spec, reason, compromised, revoke_first, allow_downtime)
        }
        Command::Update { spec, patch } => {
            let generation = in_use(work)?;
            if patch.is_empty() {
                return work.record(Record::Respecified { spec });
            }
            if !work.context.facts.updates {
                return Err(Refusal::Unsupported("change a credential in place: rotate it"));
            }
            if work.state.suspended {
                // A change may make a new secret, which could not be proven to work.
                return Err(Refusal::Suspended);
            }
            begun(work, OperationKind::Update, Strategy::Overlap, None, spec)?;
            work.intends_update = true;
            work.record(Record::UpdateIntended { generation, patch })
        }
        Command::Respecify { spec } => work.record(Record::Respecified { spec }),
        Command::Import { spec, vendor_id, attributes, expiry, has_secret } => {
            if work.state.live().next().is_some() {
                return Err(Refusal::Exists);
            }
            if work.context.protected.contains(&vendor_id) {
                return Err(Refusal::Protected(vendor_id));
            }
            let generation = next_number(work);
            begun(work, OperationKind::Import, Strategy::Overlap, None, spec)?;
            work.record(Record::Imported { generation, vendor_id, attributes, expiry, has_secret })
        }
        Command::Suspend { reason } => {
            in_use(work)?;
            if work.state.suspended {
                return Err(Refusal::Suspended);
            }
            if !work.context.facts.disables {
                return Err(Refusal::Unsupported("disable a credential so that it can be enabled again"));
            }
            let spec = work.state.spec.clone();
            begun(work, OperationKind::Suspend, Strategy::Overlap, reason, spec)
        }
        Command::Resume { reason } => {
            in_use(work)?;
            if !work.state.suspended {
                return Err(Refusal::NotSuspended);
            }
            let spec = work.state.spec.clone();
            begun(work, OperationKind::Resume, Strategy::Overlap, reason, spec)
        }
        Command::Revoke { reason } => revoke(work, reason),
        Command::Resolve { generation, vendor_id } => resolve(work, generation, vendor_id),
    }
}

fn begun(
    work: &mut Work<'_>,
    operation: OperationKind,
    strategy: Strategy,
    reason: Option<String>,
    spec: Spec,
) -> Result<(), Refusal> {
    work.record(Record::Begun { operation, strategy, reason, spec })
}

/// The generation in use.
fn in_use(work: &Work<'_>) -> Result<GenerationNumber, Refusal> {
    work.state.current.ok_or(Refusal::NotThere)
}

/// The number after all that there ever were.
pub(super) fn next_number(work: &Work<'_>) -> GenerationNumber {
    work.state.generations.last_key_value().map_or(1, |(last, _)| last + 1)
}

fn rotate(
    work: &mut Work<'_>,
    spec: Spec,
    reason: Option<String>,
    compromised: bool,
    revoke_first: bool,
    allow_downtime: bool,
) -> Result<(), Refusal> {
    let facts = work.context.facts;
    let replaceable = work.state.current.or_else(|| replaceable(work));
    let Some(old) = replaceable else { return Err(Refusal::NotThere) };
    if work.state.suspended && !compromised {
        return Err(Refusal::Suspended);
    }
    if revoke_first && !compromised {
        return Err(Refusal::RevokeFirstNeedsCompromise);
    }
    check_life(work, &spec)?;
    // At an object that is disabled, a secret that was replaced in place could not be proven to work; and nothing is lost
    // by ending it.
    let revoke_first = revoke_first || (work.state.suspended && !facts.overlap);
    let strategy = match (revoke_first, facts.overlap, facts.regenerates) {
        (true, ..) => Strategy::RevokeFirst,
        (false, true, _) => Strategy::Overlap,
        (false, false, true) => Strategy::InPlace,
        (false, false, false) => Strategy::RevokeFirst,
    };
    if strategy != Strategy::Overlap && !revoke_first && !allow_downtime {
        return Err(Refusal::NeedsDowntime);
    }
    begun(work, OperationKind::Rotate, strategy, reason, spec)?;
    if compromised {
        // Whoever knows one secret of it may know those before.
        let known: Vec<_> = work.state.live().filter(|it| it.vendor_id.is_some()).map(|it| it.number).collect();
        for generation in known {
            work.record(Record::Compromised { generation })?;
            if work.generation(generation)?.status == Status::Retiring {
                retire::hasten(work, generation)?;
            }
        }
    }
    if strategy == Strategy::RevokeFirst {
        retire::at_once(work, old)?;
    }
    Ok(())
}

/// A generation whose secret was replaced in place and never proven to work: nothing else is in use.
pub(super) fn replaceable(work: &Work<'_>) -> Option<GenerationNumber> {
    let mut abandoned = work.state.generations.values().rev();
    abandoned.find(|it| it.status == Status::Abandoned && it.vendor_id.is_some()).map(|it| it.number)
}

fn revoke(work: &mut Work<'_>, reason: Option<String>) -> Result<(), Refusal> {
    match work.operation() {
        Some(open) if open.kind == OperationKind::Revoke => return Ok(()),
        Some(_) => work.end(OperationOutcome::Failed, Some("the credential is revoked".to_owned()))?,
        None if work.state.generations.is_empty() => return Err(Refusal::NotThere),
        None => {}
    }
    let spec = work.state.spec.clone();
    begun(work, OperationKind::Revoke, Strategy::RevokeFirst, reason, spec)?;
    let live: Vec<_> = work.state.live().map(|it| (it.number, it.status, it.vendor_id.is_some())).collect();
    for (generation, status, is_known) in live {
        match status {
            Status::Retiring => retire::hasten(work, generation)?,
            Status::Current | Status::Issued | Status::Verified | Status::Publishing => {
                retire::at_once(work, generation)?;
            }
            Status::Abandoned if is_known => retire::at_once(work, generation)?,
            // What is in doubt is found out first; what only a person knows waits for that person.
            _ => {}
        }
    }
    Ok(())
}

fn resolve(work: &mut Work<'_>, number: GenerationNumber, vendor_id: Option<String>) -> Result<(), Refusal> {
    let abandoned = work.state.generations.get(&number).filter(|it| it.status == Status::Abandoned);
    let Some(abandoned) = abandoned else { return Err(Refusal::NotAbandoned(number)) };
    if let Some(known) = abandoned.vendor_id.as_ref().filter(|known| vendor_id.as_ref() != Some(known)) {
        return Err(Refusal::IsKnown { generation: number, vendor_id: known.clone() });
    }
    if let Some(id) = vendor_id.as_ref().filter(|id| work.is_protected(id)) {
        return Err(Refusal::Protected(id.clone()));
    }
    let ends = vendor_id.is_some();
    work.record(Record::Resolved { generation: number, vendor_id })?;
    if ends {
        retire::at_once(work, number)?;
    }
    Ok(())
}

/// Refuses a policy that no credential of this vendor can live up to, before anything is made for it.
fn check_life(work: &Work<'_>, spec: &Spec) -> Result<(), Refusal> {
    match (spec.policy.rotate_after, work.context.facts.expiry.most) {
        (Some(planned), Some(most))
            if planned.saturating_add(spec.policy.grace).saturating_add(issue::margin(&work.context.facts.expiry))
                > most =>
        {
            Err(Refusal::LivesTooShort { planned, grace: spec.policy.grace, most })
        }
        _ => Ok(()),
    }
}

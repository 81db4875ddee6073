//! Writing a proven secret to every sink, and only then using it.

use super::backoff::{SHORT, next_try};
use super::work::{Progress, Work};
use super::{Refusal, command, retire};
use crate::effect::{Effect, Failure};
use crate::generation::{GenerationNumber, Status};
use crate::policy::Retain;
use crate::record::{OperationOutcome, Record};

pub(super) fn advance(work: &mut Work<'_>) -> Result<Progress, Refusal> {
    let ready = |status| matches!(status, Status::Verified | Status::Publishing);
    let pending = work.state.pending().filter(|pending| ready(pending.status));
    // A sink that was added later is given what is in use.
    let in_use = || work.state.current().filter(|current| current.has_secret && work.state.operation.is_none());
    let Some(subject) = pending.or_else(in_use) else { return Ok(Progress::Nothing) };
    let (generation, status) = (subject.number, subject.status);
    let mut waits = Progress::Nothing;
    for sink in &work.state.spec.publish {
        let publication = subject.publications.get(sink).cloned().unwrap_or_default();
        if publication.acknowledged_at.is_some() {
            continue;
        }
        if let Some(until) = work.pending_time(publication.retry_at) {
            // One sink that fails does not keep the others waiting.
            let problem = publication.problem.unwrap_or_default();
            waits = waits.sooner(Progress::Wait(until, format!("the sink `{sink}` does not have it: {problem}")));
            continue;
        }
        let (sink, previous) = (sink.clone(), previous(work, generation));
        work.record(Record::PublicationIntended { generation, sink: sink.clone() })?;
        return Ok(Progress::Perform(Effect::Publish { generation, previous, sink }));
    }
    if status == Status::Current || matches!(waits, Progress::Wait(..)) {
        return Ok(waits);
    }
    promote(work, generation)?;
    Ok(Progress::Recorded)
}

/// The generation that was in use before this one, while it still works.
fn previous(work: &Work<'_>, generation: GenerationNumber) -> Option<GenerationNumber> {
    let before = work.state.generations.range(..generation).rev().map(|(_, before)| before);
    let mut works = before.filter(|it| matches!(it.status, Status::Current | Status::Retiring) && it.has_secret);
    works.find(|it| it.promoted_at.is_some()).map(|it| it.number)
}

/// The commit point: from here on it only goes forward.
fn promote(work: &mut Work<'_>, generation: GenerationNumber) -> Result<(), Refusal> {
    // What was replaced in place and never proven to work has a successor now, too.
    let previous = work.state.current.or_else(|| command::replaceable(work));
    work.record(Record::Promoted { generation, previous })?;
    if let Some(previous) = previous {
        retire::after_successor(work, previous)?;
    }
    let policy = &work.state.spec.policy;
    let delivered = !work.state.spec.publish.is_empty();
    if policy.retain == Retain::None && delivered {
        work.record(Record::SecretDestroyed { generation })?;
    }
    work.end(OperationOutcome::Succeeded, None)?;
    Ok(())
}

pub(super) fn take(
    work: &mut Work<'_>,
    generation: GenerationNumber,
    sink: String,
    published: Result<(), Failure>,
) -> Result<(), Refusal> {
    match published {
        Ok(()) => work.record(Record::Published { generation, sink }),
        Err(failure) => {
            let failures = work.generation(generation)?.publications.get(&sink).map_or(0, |it| it.failures);
            let retry_at = next_try(work.context, failures, SHORT, failure.retry_after);
            work.record(Record::PublicationFailed { generation, sink, message: failure.message, retry_at })
        }
    }
}

//! The one decision: what to write down next, and what to do then.

mod backoff;
mod command;
mod doubt;
mod enabling;
mod issue;
mod operation;
mod publish;
mod retire;
mod seek;
mod update;
mod verify;
mod withdraw;
mod work;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::context::Context;
use crate::effect::{Effect, Outcome};
use crate::generation::{Expiry, GenerationNumber, Status};
use crate::policy::Spec;
use crate::record::{OperationKind, Record};
use crate::state::{State, StateError};
use work::{Progress, Work};

/// What the engine is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Begin something.
    Command(Command),
    /// Go on with what is due. Given first after a start: what was on its way then has no answer any more.
    Wake,
    /// What came of the effect of the step before.
    Done {
        /// The effect.
        effect: Effect,
        /// What came of it.
        outcome: Outcome,
    },
}

/// What an operator asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Make the first generation.
    Create {
        /// What the credential shall be.
        spec: Spec,
        /// Why.
        reason: Option<String>,
    },
    /// Replace the generation in use.
    Rotate {
        /// What the credential shall be.
        spec: Spec,
        /// Why.
        reason: Option<String>,
        /// The secret in use is known to others: no grace, no gates.
        compromised: bool,
        /// End the secret in use before there is another. Only with `compromised`.
        revoke_first: bool,
        /// Accept that nothing works for a while, at vendors that cannot do otherwise.
        allow_downtime: bool,
    },
    /// Change attributes in place.
    Update {
        /// What the credential shall be.
        spec: Spec,
        /// A merge patch (RFC 7396) of the attributes.
        patch: Map<String, Value>,
    },
    /// Take over another wish without a change at the vendor: another policy, further sinks.
    Respecify {
        /// What the credential shall be.
        spec: Spec,
    },
    /// Take over what was made elsewhere.
    Import {
        /// What the credential shall be.
        spec: Spec,
        /// Its id at the vendor.
        vendor_id: String,
        /// Its attributes at the vendor.
        attributes: Map<String, Value>,
        /// Its expiry at the vendor.
        expiry: Expiry,
        /// Whether its secret is known and was tried, and is sealed with the record.
        has_secret: bool,
    },
    /// Disable what is in use.
    Suspend {
        /// Why.
        reason: Option<String>,
    },
    /// Enable it again.
    Resume {
        /// Why.
        reason: Option<String>,
    },
    /// End all generations.
    Revoke {
        /// Why.
        reason: Option<String>,
    },
    /// Say what an abandoned generation was.
    Resolve {
        /// The generation.
        generation: GenerationNumber,
        /// Its id at the vendor, to be ended; none when the vendor made nothing.
        vendor_id: Option<String>,
    },
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// To be written in one transaction before anything else.
    pub records: Vec<Record>,
    /// Then.
    pub next: Next,
}

/// What follows a step's records.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Carry this out, once, and give back what came of it.
    Perform(Effect),
    /// Nothing is to be done before then.
    Wait {
        /// The time.
        until: DateTime<Utc>,
        /// What is waited for, in a few words.
        reason: String,
    },
    /// Nothing is to be done until a person acts.
    Hold {
        /// What is wrong, in one sentence.
        reason: String,
    },
    /// Nothing is to be done.
    Rest,
}

/// Why a command cannot be obeyed. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// An operation is under way.
    #[error("its operation `{}` is not finished: run `keywright recover`, and look at `keywright status`", .0.name())]
    Busy(OperationKind),
    /// There is a generation already.
    #[error("it exists already: rotate it")]
    Exists,
    /// Nothing is in use.
    #[error("nothing of it is in use: create it first")]
    NotThere,
    /// What is in use is disabled by command.
    #[error("it is suspended: resume it first")]
    Suspended,
    /// What is in use is not disabled.
    #[error("it is not suspended")]
    NotSuspended,
    /// What an earlier operation left is yet to be settled by a person.
    #[error(
        "its generation {0} may exist at the vendor, and only a person can find out: look there, then settle it with \
         `keywright recover --resolve {0}`"
    )]
    Unresolved(GenerationNumber),
    /// The old secret would end before the new one is in use.
    #[error(
        "the vendor lets only one live at a time, so that nothing works until the new secret is delivered: allow it with \
         --allow-downtime"
    )]
    NeedsDowntime,
    /// Only a leak justifies it.
    #[error("the secret in use is ended first only when it is compromised: say --compromised too")]
    RevokeFirstNeedsCompromise,
    /// The vendor cannot do it.
    #[error("the vendor cannot {0}")]
    Unsupported(&'static str),
    /// The policy asks for a longer life than the vendor allows.
    #[error(
        "it is to be replaced after {planned} s and to work on for {grace} s, and the vendor lets none live longer than \
         {most} s: shorten rotate-after or grace"
    )]
    LivesTooShort {
        /// The planned life.
        planned: u64,
        /// The grace.
        grace: u64,
        /// The most that the vendor allows.
        most: u64,
    },
    /// The vendor's object is another credential's, or the account's own.
    #[error("`{0}` is what another credential uses, or what the account itself works with: it cannot be managed here")]
    Protected(String),
    /// There is no such generation, or it needs no decision.
    #[error("generation {0} is not abandoned: there is nothing to resolve")]
    NotAbandoned(GenerationNumber),
    /// The vendor's object of an abandoned generation is known.
    #[error("generation {generation} is `{vendor_id}` at the vendor: rotate it, or settle it with that id to end it")]
    IsKnown {
        /// The generation.
        generation: GenerationNumber,
        /// Its id at the vendor.
        vendor_id: String,
    },
    /// An outcome was given that no effect was waiting for.
    #[error("an outcome was given that nothing was waiting for: this is a bug, report it")]
    UnexpectedOutcome,
    /// The journal contradicts itself.
    #[error("{0}: restore the store from a backup, or report a bug")]
    Corrupt(#[from] StateError),
}

/// Decides what happens next.
///
/// # Errors
///
/// When a command cannot be obeyed, or the state contradicts itself. Nothing is to be written then.
pub fn step(state: &State, context: &Context<'_>, input: Input) -> Result<Step, Refusal> {
    let mut work = Work::new(state, context);
    match input {
        Input::Command(command) => command::begin(&mut work, command)?,
        Input::Done { effect, outcome } => take(&mut work, effect, outcome)?,
        Input::Wake => {}
    }
    if context.stopping {
        return Ok(work.finish(Next::Rest));
    }
    // Each round writes a record; a journal that grows without end would be a bug of the rules.
    for _ in 0..1_000 {
        match advance(&mut work)? {
            Progress::Recorded => {}
            Progress::Perform(effect) => return Ok(work.finish(Next::Perform(effect))),
            Progress::Wait(until, reason) => return Ok(work.finish(Next::Wait { until, reason })),
            Progress::Hold(reason) => return Ok(work.finish(Next::Hold { reason })),
            Progress::Nothing => return Ok(work.finish(Next::Rest)),
        }
    }
    Err(Refusal::UnexpectedOutcome)
}

/// Asks each part of the credential's life what it can do now. What waits does not keep the others from going on.
fn advance(work: &mut Work<'_>) -> Result<Progress, Refusal> {
    let mut idle = Progress::Nothing;
    for part in [doubt::advance, verify::advance, publish::advance, operation::advance] {
        match part(work)? {
            progress @ (Progress::Recorded | Progress::Perform(_)) => return Ok(progress),
            waits => idle = idle.sooner(waits),
        }
    }
    let retiring: Vec<GenerationNumber> = work.state.retiring().map(|generation| generation.number).collect();
    for generation in retiring {
        match retire::advance(work, generation)? {
            progress @ (Progress::Recorded | Progress::Perform(_)) => return Ok(progress),
            waits => idle = idle.sooner(waits),
        }
    }
    Ok(idle)
}

/// Writes down what came of an effect.
fn take(work: &mut Work<'_>, effect: Effect, outcome: Outcome) -> Result<(), Refusal> {
    match (effect, outcome) {
        (Effect::Seek { reason, .. }, Outcome::Sought(found)) => seek::take(work, reason, found),
        (Effect::Create { generation, .. }, Outcome::Created(created)) => {
            issue::take_created(work, generation, created)
        }
        (Effect::Regenerate { generation, vendor_id, .. }, Outcome::Regenerated(regenerated)) => {
            issue::take_regenerated(work, generation, vendor_id, regenerated)
        }
        (Effect::Verify { generation, .. }, Outcome::Verified(verdict)) => verify::take(work, generation, verdict),
        (Effect::Publish { generation, sink, .. }, Outcome::Published(published)) => {
            publish::take(work, generation, sink, published)
        }
        (Effect::Withdraw { sink }, Outcome::Withdrawn(withdrawn)) => withdraw::take(work, sink, withdrawn),
        (Effect::Inspect { generation, .. }, Outcome::Inspected(seen)) => {
            retire::take_inspected(work, generation, seen)
        }
        (Effect::Update { generation, vendor_id, .. }, Outcome::Updated(updated)) => {
            update::take(work, generation, vendor_id, updated)
        }
        (Effect::SetEnabled { generation, enabled, .. }, Outcome::Enabled(outcome)) => {
            enabling::take(work, generation, enabled, outcome)
        }
        (Effect::Revoke { generation, vendor_id }, Outcome::Revoked(revoked)) => {
            match work.generation(generation)?.status {
                Status::InDoubt => doubt::take_revoked(work, generation, vendor_id, revoked),
                _ => retire::take_revoked(work, generation, revoked),
            }
        }
        _ => Err(Refusal::UnexpectedOutcome),
    }
}

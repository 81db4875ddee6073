//! The lifecycle of a credential as a pure function.
//!
//! A credential has a name, a [policy](Policy) and a history. Each secret that the vendor made for it is a
//! [`Generation`]. What happened is a journal of [`Record`]s, and [`State`] is what they add up to. [`step`] decides what
//! happens next: the records to make durable first, and then the one [`Effect`] to carry out. Nothing in this crate reads
//! a clock, a file or a network; whoever drives it does, and gives back what came of it as an [`Outcome`].
//!
//! ```
//! # use keywright_lifecycle::*; use chrono::{DateTime, Utc};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let now: DateTime<Utc> = "2026-01-01T00:00:00Z".parse()?;
//! let facts = Facts { marker: Some(30), overlap: true, ..Facts::default() };
//! let marker = |generation: u64| format!("kw-example-{generation}");
//! let context = Context::new(now, &facts, &marker);
//!
//! let state = State::new("ci-deploy", "production");
//! let spec = Spec { publish: vec!["vault".to_owned()], ..Spec::default() };
//! let first = step(&state, &context, Input::Command(Command::Create { spec, reason: None }))?;
//!
//! // The intent, with its marker, is to be durable before the request is sent.
//! assert!(matches!(first.records.last(), Some(Record::IssueIntended { generation: 1, .. })));
//! assert!(matches!(first.next, Next::Perform(Effect::Create { generation: 1, .. })));
//! # Ok(())
//! # }
//! ```
//!
//! After a crash, replay the journal and go on with [`Input::Wake`]. A request that makes a secret is never sent twice:
//! of one whose answer was lost, what it made is looked for by its marker and revoked, and a new generation is begun.

mod context;
mod effect;
mod facts;
mod generation;
mod marker;
mod plan;
mod policy;
mod record;
mod schedule;
mod state;
mod step;
mod sweep;

pub use context::Context;
pub use effect::{
    Certainty, Created, Effect, Failure, FailureClass, Found, Observation, Outcome, Regenerated, SeekReason,
    Verification,
};
pub use facts::{ExpiryFacts, Facts, LastUsedFacts};
pub use generation::{
    Enabling, Expiry, Generation, GenerationNumber, Origin, Publication, Retirement, RetirementStage, Status, Warning,
};
pub use marker::{MARKER_LEAST, MARKER_PREFIX, is_of_instance, marker};
pub use plan::{Action, Change, Plan, Seen, Wish, plan};
pub use policy::{Policy, Retain, Spec};
pub use record::{Entry, EntryHeader, OperationKind, OperationOutcome, Record, SCHEMA_VERSION, Strategy};
pub use schedule::{Calendar, ScheduleError, TimeOfDay, Window, next_rotation};
pub use state::{OpenOperation, State, StateError};
pub use step::{Command, Input, Next, Refusal, Step, step};
pub use sweep::{Class, Finding, Listed, Registered, SweepPolicy, classify};

//! What can be made to go wrong: kinds, rules in text form, the queue of those waiting, and the one layer that acts.

mod body;
mod kind;
pub(crate) mod layer;
mod queue;
mod rule;

pub use kind::Fault;
pub use queue::Faults;
pub use rule::FaultRule;

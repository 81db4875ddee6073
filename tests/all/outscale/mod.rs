//! The OUTSCALE adapter, against its simulator.

mod budgets;
mod create;
mod direct;
mod faults;
mod list;
mod mutations;
mod read;
mod refusals;
mod revoke;
mod specification;
mod update;
mod verify;

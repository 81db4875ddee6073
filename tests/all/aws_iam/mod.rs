//! The AWS IAM adapter, against its simulator, and against moto where that is installed.

mod administrators;
mod answers;
mod budgets;
mod create;
mod direct;
mod faults;
mod grant;
mod list;
mod moto;
mod mutations;
mod read;
mod refusals;
mod renamed;
mod revoke;
mod status;
mod verify;

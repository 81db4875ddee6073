//! Datadog's adapter against all that is known of the vendor.

mod budgets;
mod create;
mod faults;
mod list;
mod mutations;
mod read;
mod refusals;
mod revoke;
mod scripted;
mod specification;
mod update;
mod verify;

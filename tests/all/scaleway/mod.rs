//! Scaleway's adapter against all that is known of the vendor.

mod budgets;
mod create;
mod list;
mod mutations;
mod read;
mod refusals;
mod specification;
mod update;
mod verify;

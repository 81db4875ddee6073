//! Gcore's adapter against all that is known of the vendor.

mod budgets;
mod create;
mod faults;
mod list;
mod mutations;
mod read;
mod refusals;
mod scripted;
mod specification;
mod verify;

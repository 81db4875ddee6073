//! The adapter of DigitalOcean Spaces against all that is known of the vendor.

mod budgets;
mod create;
mod direct;
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

//! commercetools' API clients, from the account to the simulated project and back.

mod budgets;
mod create;
mod direct;
mod expiry;
mod faults;
mod list;
mod mutations;
mod read;
mod refusals;
mod revoke;
mod specification;
mod tokens;
mod update;
mod verify;

//! Scaleway's adapter against all that is known of the vendor.

mod create;
mod list;
mod read;
mod refusals;
mod update;
mod verify;

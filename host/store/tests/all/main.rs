//! The SQLite store, from outside.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what tests share may fail as tests do")]

mod clock;
mod common;
mod conformance;
mod files;

mod log;
mod processes;
mod secrets;
mod threads;

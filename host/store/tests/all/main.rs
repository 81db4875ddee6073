//! The SQLite store, from outside.

mod clock;
mod common;
mod conformance;
mod files;

mod log;
mod processes;
mod secrets;
mod threads;

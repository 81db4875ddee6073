//! The SQLite store, from outside.

mod common;
mod conformance;

//! What the whole-system tests share: one engine, an account at a simulated Scaleway, a vendor whose answers a test
//! writes itself, and the adapters that only tests have.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what tests share may fail as tests do")]

mod bench;
mod client;
mod engine;
pub mod guests;
mod scripted;

pub use bench::{Bench, Builder};
pub use client::{Answer, Https};
pub use engine::{engine, engine_with};
pub use scripted::{Arrived, Reply, ScriptedVendor};

use serde_json::{Map, Value};

/// A JSON object as the map that it is.
pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

/// A secret part in plain text.
pub fn exposed(parts: &keywright_runtime::Parts, name: &str) -> String {
    use secrecy::ExposeSecret as _;
    parts.get(name).unwrap_or_else(|| panic!("no part {name}")).expose_secret().to_owned()
}

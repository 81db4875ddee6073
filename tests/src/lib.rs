//! What the whole-system tests share: one engine, an account at a simulated vendor, a vendor whose answers a test writes
//! itself, answers mutated by the thousand, API descriptions to hold requests and answers against, and the adapters that
//! only tests have.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what tests share may fail as tests do")]

mod bench;
mod client;
mod engine;
pub mod guests;
pub mod mutations;
mod network;
mod scripted;
mod specification;

pub use bench::{
    AwsIamBench, Bench, Builder, CommercetoolsBench, DatadogBench, GcoreBench, ImpervaBench, OutscaleBench,
    ScalewayBench, Seeded, SpacesBench,
};
pub use client::{Answer, Https};
pub use engine::{engine, engine_with};
pub use network::PlayedNetwork;
pub use scripted::{Arrived, First, Pieces, Reply, ScriptedVendor};
pub use specification::Specification;

use serde_json::{Map, Value};

/// The faults after which nobody can tell from the answer whether the vendor did what was asked, and whether it did.
pub const DOUBTFUL: [(&str, bool); 8] = [
    ("lose-answer", true),
    ("truncate", true),
    ("html-after", true),
    ("server-error-after", true),
    ("cut", false),
    ("html", false),
    ("server-error", false),
    ("bad-gateway", false),
];

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

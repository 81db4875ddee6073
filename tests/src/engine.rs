//! One engine for the process; compiled components are kept beside the test binary.

use std::path::PathBuf;
use std::sync::OnceLock;

use keywright_runtime::{Cache, Engine, EngineConfig, Limits};

/// The engine with the usual limits.
pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| engine_with(Limits::default()))
}

/// An engine with other limits.
pub fn engine_with(limits: Limits) -> Engine {
    let cache = Cache::At(PathBuf::from(concat!(env!("OUT_DIR"), "/aot")));
    Engine::new(EngineConfig { cache, limits, ..EngineConfig::default() }).expect("an engine")
}

//! `VENDOR|FILE`: the adapter that a command is about.

use std::fs;
use std::path::{Path, PathBuf};

use keywright_adapters::BuiltIn;
use keywright_runtime::{Adapter, Allocation, Cache, Engine, EngineConfig, Grant, LoadError};

use crate::error::Error;
use crate::suggest::{instead, quoted};

/// An adapter to be loaded.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// One that the program ships.
    BuiltIn(&'static BuiltIn),
    /// A component file.
    File(PathBuf),
}

/// An adapter that was loaded.
pub(crate) struct Loaded {
    /// The adapter.
    pub(crate) adapter: Adapter,
    /// The size of its component, in bytes.
    pub(crate) size: usize,
}

impl Target {
    /// A vendor's name, or what looks like a file.
    pub(crate) fn find(text: &str) -> Result<Self, Error> {
        if let Some(built_in) = keywright_adapters::find(text) {
            return Ok(Self::BuiltIn(built_in));
        }
        let path = Path::new(text);
        let is_component = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("wasm"));
        if text.contains('/') || is_component || path.exists() {
            return Ok(Self::File(path.to_owned()));
        }
        let instead = instead(text, keywright_adapters::all().iter().map(|adapter| adapter.vendor));
        Err(Error::new("unknown-vendor", format!("there is no adapter for the vendor {}: {instead}", quoted(text))))
    }

    /// Whether it is a file.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// Loads it: a built-in adapter with its own grant, a file with whatever it asks for.
    pub(crate) async fn load(&self, engine: &Engine) -> Result<Loaded, Error> {
        match self {
            Self::BuiltIn(built_in) => load_built_in(engine, built_in).await,
            Self::File(path) => {
                let bytes = fs::read(path).map_err(|error| {
                    Error::new(
                        "adapter",
                        format!("the file {} cannot be read ({error}): name a component file", path.display()),
                    )
                })?;
                let adapter = Adapter::load(engine, &bytes, &Grant::as_requested())
                    .await
                    .map_err(|error| unusable(&format!("the file {}", path.display()), &error))?;
                Ok(Loaded { adapter, size: bytes.len() })
            }
        }
    }
}

/// Loads an adapter that the program ships.
pub(crate) async fn load_built_in(engine: &Engine, built_in: &BuiltIn) -> Result<Loaded, Error> {
    let adapter = built_in
        .load(engine)
        .await
        .map_err(|error| unusable(&format!("the built-in adapter for {}", built_in.vendor), &error))?;
    Ok(Loaded { adapter, size: built_in.component.len() })
}

/// The one engine of a command that makes a few calls.
pub(crate) fn engine() -> Result<Engine, Error> {
    let config = EngineConfig { allocation: Allocation::OnDemand, cache: Cache::User, ..EngineConfig::default() };
    Engine::new(config).map_err(|error| Error::new("engine", error.to_string()))
}

fn unusable(what: &str, error: &LoadError) -> Error {
    Error::new("adapter", format!("{what} is not an adapter that can be used: {error}"))
}

//! Compiled components, kept between runs.
//!
//! A compiled component is native code, so it is taken from nowhere but a directory that only its owner can write, and
//! found only under the digest of the component it came from and the engine it was made for.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io::ErrorKind;
use std::path::PathBuf;

use etcetera::BaseStrategy as _;
use sha2::{Digest as _, Sha256};
use wasmtime::component::Component;

use crate::sandbox::digest::Digest;
use crate::sandbox::private_directory::PrivateDirectory;

/// The bytes of a SHA-256 checksum.
const CHECKSUM: usize = 32;

/// Where compiled components are kept.
#[derive(Clone, Debug, Default)]
pub enum Cache {
    /// In the user's cache directory, under `keywright/aot`.
    #[default]
    User,
    /// In this directory. It is made if it is missing, and not used if others may write to it or to one above it.
    At(PathBuf),
    /// Nowhere: every process compiles anew.
    None,
}

impl Cache {
    /// The directory, made and found private; none when there is none to be had. A cache that cannot be used is no failure.
    pub(crate) fn open(&self) -> Option<OpenCache> {
        let directory = match self {
            Self::None => return None,
            Self::At(directory) => directory.clone(),
            Self::User => etcetera::choose_base_strategy().ok()?.cache_dir().join("keywright").join("aot"),
        };
        match PrivateDirectory::open(&directory) {
            Ok(directory) => Some(OpenCache { directory }),
            Err(error) => {
                tracing::debug!(directory = %directory.display(), %error, "compiled components are not kept");
                None
            }
        }
    }
}

/// A cache that can be used.
pub(crate) struct OpenCache {
    directory: PrivateDirectory,
}

impl OpenCache {
    /// The component, if it was compiled before for such an engine.
    pub(crate) fn get(&self, engine: &wasmtime::Engine, digest: &Digest) -> Option<Component> {
        let name = name(engine, digest);
        let kept = match self.directory.read(&name) {
            Ok(kept) => kept,
            Err(error) if error.kind() == ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::debug!(name, %error, "a compiled component is not read");
                return None;
            }
        };
        deserialize(engine, &kept)
            .inspect_err(|error| tracing::debug!(name, %error, "a compiled component is of no use"))
            .ok()
    }

    /// Keeps its machine code.
    pub(crate) fn put(&self, engine: &wasmtime::Engine, digest: &Digest, code: &[u8]) {
        let (name, checked) = (name(engine, digest), [Sha256::digest(code).as_slice(), code].concat());
        if let Err(error) = self.directory.replace(&name, &checked) {
            tracing::debug!(name, %error, "a compiled component is not kept");
        }
    }
}

fn name(engine: &wasmtime::Engine, digest: &Digest) -> String {
    format!("{}-{:016x}.cwasm", digest.hex(), compatibility(engine))
}

/// The machine code of a file, behind its checksum: what a machine that lost its power left half written is not mapped.
#[allow(unsafe_code, reason = "a compiled component is native code; that it is ours is this module's whole purpose")]
fn deserialize(engine: &wasmtime::Engine, kept: &[u8]) -> wasmtime::Result<Component> {
    let (checksum, code) =
        kept.split_at_checked(CHECKSUM).ok_or_else(|| wasmtime::Error::msg("it is shorter than its checksum"))?;
    if Sha256::digest(code).as_slice() != checksum {
        return Err(wasmtime::Error::msg("it does not fit its checksum"));
    }
    // SAFETY: the file is in a directory that only its owner, who runs this process, can write, as are all above it; under
    // a name that only this module gives; and whole. wasmtime itself refuses what another version or configuration has
    // compiled.
    unsafe { Component::deserialize(engine, code) }
}

fn compatibility(engine: &wasmtime::Engine) -> u64 {
    let mut hasher = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.finish()
}

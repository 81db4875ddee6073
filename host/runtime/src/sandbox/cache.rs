//! Compiled components, kept between runs.
//!
//! A compiled component is native code, so it is taken from nowhere but a directory that only its owner can write, and
//! found only under the digest of the component it came from and the engine it was made for.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use wasmtime::component::Component;

use crate::sandbox::digest::Digest;

/// Where compiled components are kept.
#[derive(Clone, Debug, Default)]
pub enum Cache {
    /// In the user's cache directory, under `keywright/aot`.
    #[default]
    User,
    /// In this directory. It is made if it is missing, and not used if others may write to it.
    At(PathBuf),
    /// Nowhere: every process compiles anew.
    None,
}

impl Cache {
    /// The component, from the cache or compiled and left there. A cache that cannot be used is no failure.
    pub(crate) fn component(
        &self,
        engine: &wasmtime::Engine,
        bytes: &[u8],
        digest: &Digest,
    ) -> wasmtime::Result<Component> {
        let Some(directory) = self.directory() else { return Component::new(engine, bytes) };
        let file = directory.join(format!("{}-{:016x}.cwasm", digest.hex(), compatibility(engine)));
        if file.is_file() {
            match deserialize(engine, &file) {
                Ok(component) => return Ok(component),
                Err(error) => tracing::debug!(file = %file.display(), %error, "a compiled component is of no use"),
            }
        }
        let component = Component::new(engine, bytes)?;
        if let Err(error) = component
            .serialize()
            .map_err(|error| error.to_string())
            .and_then(|compiled| write_whole(&directory, &file, &compiled).map_err(|error| error.to_string()))
        {
            tracing::debug!(file = %file.display(), %error, "a compiled component is not kept");
        }
        Ok(component)
    }

    /// The directory, made and found private; none when there is none to be had.
    fn directory(&self) -> Option<PathBuf> {
        let directory = match self {
            Self::None => return None,
            Self::At(directory) => directory.clone(),
            Self::User => etcetera::choose_base_strategy().ok()?.cache_dir().join("keywright").join("aot"),
        };
        match make_private(&directory) {
            Ok(()) => Some(directory),
            Err(error) => {
                tracing::debug!(directory = %directory.display(), %error, "compiled components are not kept");
                None
            }
        }
    }
}

#[allow(unsafe_code, reason = "a compiled component is native code; that it is ours is this module's whole purpose")]
fn deserialize(engine: &wasmtime::Engine, file: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the file is in a directory that only its owner, who runs this process, can write; and under a name that
    // only this module gives. wasmtime itself refuses what another version or configuration has compiled.
    unsafe { Component::deserialize_file(engine, file) }
}

fn compatibility(engine: &wasmtime::Engine) -> u64 {
    let mut hasher = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.finish()
}

/// Writes the file whole or not at all: another process may be reading.
fn write_whole(directory: &Path, file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut temporary = tempfile::NamedTempFile::new_in(directory)?;
    temporary.write_all(bytes)?;
    temporary.persist(file)?;
    Ok(())
}

#[cfg(unix)]
fn make_private(directory: &Path) -> std::io::Result<()> {
    use std::io::{Error, ErrorKind};
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};

    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let metadata = fs::symlink_metadata(directory)?;
    let ours = rustix::process::geteuid().as_raw();
    if !metadata.is_dir() || metadata.uid() != ours || metadata.mode() & 0o022 != 0 {
        return Err(Error::new(ErrorKind::PermissionDenied, "others may write to it: make it yours, with mode 0700"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_private(directory: &Path) -> std::io::Result<()> {
    // The user's own cache directory is private by the system's default.
    fs::create_dir_all(directory)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn used(directory: &Path) -> bool {
        Cache::At(directory.to_owned()).directory().is_some()
    }

    #[test]
    fn a_directory_that_is_missing_is_made_private() {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("a").join("b");
        assert!(used(&directory));
        assert_eq!(fs::metadata(&directory).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_directory_that_others_may_write_to_is_not_used() {
        for mode in [0o770, 0o707, 0o777] {
            let directory = tempfile::tempdir().unwrap();
            fs::set_permissions(directory.path(), fs::Permissions::from_mode(mode)).unwrap();
            assert!(!used(directory.path()), "{mode:o}");
        }
    }

    #[test]
    fn a_link_to_a_directory_is_not_used() {
        let directory = tempfile::tempdir().unwrap();
        let link = directory.path().join("link");
        std::os::unix::fs::symlink(directory.path(), &link).unwrap();
        assert!(!used(&link));
    }
}

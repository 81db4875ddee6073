//! `keywright.lock`: the third-party adapters that may be run, and what each of them may do.
//!
//! An entry is the operator's consent: to these bytes, with these rules. It stands beside `keywright.toml`, under version
//! control, and is made to be read in a diff.

mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use keywright_runtime::{Digest, Grant, RuleSet};

use crate::error::Error;
use crate::suggest::quoted;

/// The name of the file.
const NAME: &str = "keywright.lock";

/// The adapters that are locked, as they were read.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    /// What was in the file. None: there was none.
    text: Option<String>,
    adapters: BTreeMap<String, LockedAdapter>,
}

/// What was consented to for one adapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LockedAdapter {
    /// The vendor's name, by which it is found.
    pub(crate) vendor: String,
    /// The component file, seen from the lock's directory.
    pub(crate) file: PathBuf,
    /// The digest of the component.
    pub(crate) digest: Digest,
    /// Whether it may see the secrets that it mints.
    pub(crate) exposes_secrets: bool,
    /// Whether files and sockets are linked, with nothing behind them.
    pub(crate) inert_wasi: bool,
    /// The environment variables from which it wants settings and parts of the credential.
    pub(crate) environment: BTreeSet<String>,
    /// What it asks for.
    pub(crate) requested: RuleSet,
    /// What it may do of that.
    pub(crate) granted: RuleSet,
}

impl LockedAdapter {
    /// As the runtime takes it.
    pub(crate) fn grant(&self) -> Grant {
        with_flags(Grant::at_most(self.granted.clone()), self.exposes_secrets, self.inert_wasi)
    }

    /// Whether the lock would read the same with the other in its place.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        text::write([self].into_iter()) == text::write([other].into_iter())
    }
}

/// A grant that exposes secrets, or links inert WASI, or both.
pub(crate) fn with_flags(grant: Grant, exposes_secrets: bool, inert_wasi: bool) -> Grant {
    let grant = if exposes_secrets { grant.exposing_secrets() } else { grant };
    if inert_wasi { grant.with_inert_wasi() } else { grant }
}

impl Lock {
    /// The lock beside this configuration, or in the current directory. When there is none nothing is locked.
    pub(crate) fn beside(config: Option<&Path>) -> Result<Self, Error> {
        let directory = config.and_then(Path::parent).unwrap_or_else(|| Path::new(""));
        let path = directory.join(NAME);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self { adapters: text::read(&path, &text)?, text: Some(text), path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Self { path, text: None, adapters: BTreeMap::new() })
            }
            Err(error) => {
                let shown = path.display();
                Err(Error::new("lock", format!("{shown} cannot be read ({error}): make it a readable file")))
            }
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What is locked, by vendor.
    pub(crate) fn adapters(&self) -> impl Iterator<Item = &LockedAdapter> {
        self.adapters.values()
    }

    /// The adapter for this vendor.
    pub(crate) fn find(&self, vendor: &str) -> Option<&LockedAdapter> {
        self.adapters.get(vendor)
    }

    /// The adapter whose component is this file, whatever is in the file now.
    pub(crate) fn of_file(&self, file: &Path) -> Option<&LockedAdapter> {
        let place = place(file);
        self.adapters().find(|locked| self::place(&self.component(locked)) == place)
    }

    /// Where the component of an adapter is.
    pub(crate) fn component(&self, locked: &LockedAdapter) -> PathBuf {
        self.directory().join(&locked.file)
    }

    /// A component file as an entry names it: seen from the lock where that is possible.
    ///
    /// # Errors
    ///
    /// When the path is not text.
    pub(crate) fn relative(&self, file: &Path) -> Result<PathBuf, Error> {
        let here = fs::canonicalize(self.directory_or_here()).unwrap_or_else(|_| self.directory_or_here().to_owned());
        let seen = seen_from(&here, &place(file));
        if seen.to_str().is_some() {
            return Ok(seen);
        }
        Err(Error::new("lock", format!("the path {} is not text: give the file another name", file.display())))
    }

    /// Puts an adapter in, in place of the one there may be for the vendor.
    pub(crate) fn insert(&mut self, locked: LockedAdapter) {
        self.adapters.insert(locked.vendor.clone(), locked);
    }

    /// Takes an adapter out.
    pub(crate) fn remove(&mut self, vendor: &str) -> Option<LockedAdapter> {
        self.adapters.remove(vendor)
    }

    /// Writes it whole or not at all.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or somebody else has written it since it was read.
    pub(crate) fn write(&self) -> Result<(), Error> {
        let shown = self.path.display();
        if fs::read_to_string(&self.path).ok() != self.text {
            return Err(Error::new("lock", format!("{shown} was changed by somebody else meanwhile: do it again")));
        }
        self.replace(&text::write(self.adapters())).map_err(|error| {
            Error::new(
                "lock",
                format!("{shown} cannot be written ({error}): make its directory one that you can write to"),
            )
        })
    }

    fn replace(&self, text: &str) -> io::Result<()> {
        // A link stays one.
        let path = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".keywright.lock.");
        // A temporary file is private; this one is as public as any other that a program makes.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.tempfile_in(directory)?;
        if let Ok(metadata) = fs::metadata(&path) {
            file.as_file().set_permissions(metadata.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&path)?;
        Ok(())
    }

    fn directory(&self) -> &Path {
        self.path.parent().unwrap_or_else(|| Path::new(""))
    }

    fn directory_or_here(&self) -> &Path {
        Some(self.directory()).filter(|directory| !directory.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
    }

    /// The sentence on a name that is both built in and locked. Neither is taken for the other: an entry that took a
    /// built-in adapter's place would do so unseen, and so would a built-in one that a new version of the program brings.
    pub(crate) fn two_of_a_name(&self, locked: &LockedAdapter) -> Error {
        let (vendor, file) = (&locked.vendor, self.component(locked));
        Error::new(
            "lock",
            format!(
                "{} is built in and also locked in {} to {}: name that file to use it, or take it out with `keywright \
                 adapter remove {vendor}` to use the built-in one",
                quoted(vendor),
                self.path.display(),
                file.display()
            ),
        )
    }
}

/// A file's own name in the directory that its path leads to. A link to a file keeps its name: it is what a person names.
fn place(file: &Path) -> PathBuf {
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    match (absolute.parent().map(fs::canonicalize), absolute.file_name()) {
        (Some(Ok(directory)), Some(name)) => directory.join(name),
        _ => absolute,
    }
}

/// `file` as a path from `directory`, both absolute; `file` itself when they have no root in common.
fn seen_from(directory: &Path, file: &Path) -> PathBuf {
    let (from, to): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (directory.components().collect(), file.components().collect());
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    if common == 0 {
        return file.to_owned();
    }
    let up = from[common..].iter().map(|_| Component::ParentDir);
    up.chain(to[common..].iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_seen_from_the_directory_of_the_lock() {
        for (file, seen) in [
            ("/a/b/c.wasm", "c.wasm"),
            ("/a/b/d/c.wasm", "d/c.wasm"),
            ("/a/c.wasm", "../c.wasm"),
            ("/x/c.wasm", "../../x/c.wasm"),
        ] {
            assert_eq!(seen_from(Path::new("/a/b"), Path::new(file)), Path::new(seen));
        }
    }

    #[test]
    fn one_file_has_one_place_however_it_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let (file, sub) = (directory.path().join("a.wasm"), directory.path().join("sub"));
        fs::create_dir(&sub).unwrap();
        fs::write(&file, "").unwrap();
        assert_eq!(place(&file), place(&sub.join("..").join("a.wasm")));
    }
}

//! `keywright.lock`: the third-party adapters that may be run, and what each of them may do.
//!
//! An entry is the operator's consent: to these bytes, with these rules. The file is in the directory of `keywright.toml`,
//! under version control, and its text is made for reading differences.

mod text;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use keywright_runtime::{CONTRACT_VERSION, Digest, Grant, RuleSet};

use crate::error::Error;
use crate::extra_grants::ExtraGrants;
use crate::suggest::quoted;
use crate::trusted_place;
use text::{Content, Entry};

/// The name of the file.
const NAME: &str = "keywright.lock";

/// The adapters that are locked, as they were read.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    /// What was in the file. None: there was none.
    text: Option<String>,
    content: Content,
}

/// What was consented to for one adapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LockedAdapter {
    /// The vendor's name, by which it is found.
    pub(crate) vendor: String,
    /// The component file, relative to the lock's directory.
    pub(crate) file: PathBuf,
    /// The digest of the component.
    pub(crate) digest: Digest,
    /// The digest of all that it says of itself.
    pub(crate) descriptor: Digest,
    /// What it is granted beyond rules.
    pub(crate) extra: ExtraGrants,
    /// The environment variables from which it wants settings and parts of the credential, each with what it is used for.
    pub(crate) environment: BTreeSet<String>,
    /// What it asks for.
    pub(crate) requested: RuleSet,
    /// What it may do of that.
    pub(crate) granted: RuleSet,
}

/// An adapter that was locked for another contract, or before its description was pinned: what was consented to then says
/// too little about what it asks for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutdatedAdapter {
    /// The vendor's name.
    pub(crate) vendor: String,
    entry: Entry,
}

impl OutdatedAdapter {
    /// The component file, relative to the lock's directory.
    pub(crate) fn file(&self) -> &Path {
        self.entry.file()
    }

    /// The contract that it was locked for, in words.
    pub(crate) fn contract(&self) -> String {
        match self.entry.contract() {
            Some(contract) if text::is_current(contract) => {
                format!("version {contract} of the contract, without the digest of what it says of itself")
            }
            Some(contract) => format!("version {contract} of the contract"),
            None => "an older version of the contract".to_owned(),
        }
    }
}

impl LockedAdapter {
    /// As the runtime takes it.
    pub(crate) fn grant(&self) -> Grant {
        self.extra.apply(Grant::at_most(self.granted.clone())).pinned(self.descriptor)
    }

    /// Whether the lock file would read the same with the other in its place.
    pub(crate) fn reads_like(&self, other: &Self) -> bool {
        self.vendor == other.vendor && Entry::from(self) == Entry::from(other)
    }
}

impl Lock {
    /// The lock in the directory of this configuration, or in the current one. When there is none nothing is locked.
    pub(crate) fn of_config(config: Option<&Path>) -> Result<Self, Error> {
        let directory = config.and_then(Path::parent).unwrap_or_else(|| Path::new(""));
        let path = directory.join(NAME);
        if config.is_none() {
            trusted_place::check_found(&path)?;
        }
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self { content: text::read(&path, &text)?, text: Some(text), path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Self { path, text: None, content: Content::default() })
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
        self.content.locked.values()
    }

    /// What was locked for another contract, by vendor.
    pub(crate) fn outdated(&self) -> impl Iterator<Item = &OutdatedAdapter> {
        self.content.outdated.values()
    }

    /// The vendors of all entries.
    pub(crate) fn vendors(&self) -> impl Iterator<Item = &str> {
        self.content.locked.keys().chain(self.content.outdated.keys()).map(String::as_str)
    }

    /// The adapter for this vendor.
    pub(crate) fn find(&self, vendor: &str) -> Option<&LockedAdapter> {
        self.content.locked.get(vendor)
    }

    /// The entry for this vendor that is of another contract.
    pub(crate) fn find_outdated(&self, vendor: &str) -> Option<&OutdatedAdapter> {
        self.content.outdated.get(vendor)
    }

    /// The adapter whose component is this file, also when the file has changed.
    pub(crate) fn of_file(&self, file: &Path) -> Option<&LockedAdapter> {
        let place = place(file);
        self.adapters().find(|locked| self::place(&self.component(&locked.file)) == place)
    }

    /// Where the component file of an entry is.
    pub(crate) fn component(&self, file: &Path) -> PathBuf {
        self.directory().join(file)
    }

    /// A component file as an entry names it: relative to the lock where that is possible.
    ///
    /// # Errors
    ///
    /// When the path is not text.
    pub(crate) fn relative(&self, file: &Path) -> Result<PathBuf, Error> {
        let here = fs::canonicalize(self.directory_or_here()).unwrap_or_else(|_| self.directory_or_here().to_owned());
        let relative = relative_to(&here, &place(file));
        if relative.to_str().is_some() {
            return Ok(relative);
        }
        Err(Error::new("lock", format!("the path {} is not text: give the file another name", file.display())))
    }

    /// Puts an adapter in, in place of the one there may be for the vendor.
    pub(crate) fn insert(&mut self, locked: LockedAdapter) {
        self.content.outdated.remove(&locked.vendor);
        self.content.locked.insert(locked.vendor.clone(), locked);
    }

    /// Takes an adapter out, and gives its component file.
    pub(crate) fn remove(&mut self, vendor: &str) -> Option<PathBuf> {
        let locked = self.content.locked.remove(vendor).map(|locked| locked.file);
        let outdated = self.content.outdated.remove(vendor).map(|outdated| outdated.file().to_owned());
        locked.or(outdated).map(|file| self.component(&file))
    }

    /// Writes it whole or not at all.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or somebody else has written it since it was read.
    pub(crate) fn write(&self) -> Result<(), Error> {
        let shown = self.path.display();
        let unlockable = |error| {
            Error::new("lock", format!("the directory of {shown} cannot be locked against other programs ({error})"))
        };
        // Until the end: what is compared is what is replaced.
        // Where a link leads is where others may come from elsewhere.
        let written = fs::canonicalize(&self.path).ok();
        let directory = written.as_deref().and_then(Path::parent).unwrap_or_else(|| self.directory_or_here());
        let _held = hold(directory).map_err(unlockable)?;
        if fs::read_to_string(&self.path).ok() != self.text {
            return Err(Error::new(
                "lock",
                format!("{shown} was changed by another program at the same time: try again"),
            ));
        }
        let locked = self.adapters().map(|locked| (locked.vendor.as_str(), Entry::from(locked)));
        let outdated = self.outdated().map(|outdated| (outdated.vendor.as_str(), outdated.entry.clone()));
        self.replace(&text::write(locked.chain(outdated))).map_err(|error| {
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
        #[cfg(unix)]
        fs::File::open(directory)?.sync_all()?;
        Ok(())
    }

    fn directory(&self) -> &Path {
        self.path.parent().unwrap_or_else(|| Path::new(""))
    }

    fn directory_or_here(&self) -> &Path {
        Some(self.directory()).filter(|directory| !directory.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
    }

    /// The error for an adapter that was locked for another contract.
    pub(crate) fn refuse_outdated(&self, outdated: &OutdatedAdapter) -> Error {
        let (path, file) = (self.path.display(), self.component(outdated.file()));
        Error::new(
            "lock",
            format!(
                "{path} locks {} for {}, and this program speaks {CONTRACT_VERSION} and pins descriptions: get an adapter \
                 that is built for it, and lock that with `keywright adapter add {}{}`",
                quoted(&outdated.vendor),
                outdated.contract(),
                file.display(),
                self.config_flag()
            ),
        )
    }

    /// The flag that a command needs to find the same lock again.
    pub(crate) fn config_flag(&self) -> String {
        config_flag(&self.path)
    }

    /// The sentence on a name that is both built in and locked. Neither is taken for the other: an entry that took a
    /// built-in adapter's place would do so unseen, and so would a built-in one that a new version of the program brings.
    pub(crate) fn two_of_a_name(&self, locked: &LockedAdapter) -> Error {
        let (vendor, file) = (&locked.vendor, self.component(&locked.file));
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

/// The flag that a command needs to find this lock again.
pub(crate) fn config_flag(lock: &Path) -> String {
    match lock.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        Some(directory) => format!(" --config {}", directory.join("keywright.toml").display()),
        None => String::new(),
    }
}

/// Keeps other invocations of this program from writing in the directory, until it is dropped. The lock is on the directory,
/// as the file itself is replaced.
#[cfg(unix)]
fn hold(directory: &Path) -> io::Result<Option<fs::File>> {
    let file = fs::File::open(directory)?;
    match file.lock() {
        Ok(()) => Ok(Some(file)),
        // Some network file systems have no locks; there the comparison has to do.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
        Err(error) => Err(error),
    }
}

/// Directories cannot be locked here; the comparison has to do.
#[cfg(not(unix))]
fn hold(_: &Path) -> io::Result<Option<fs::File>> {
    Ok(None)
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
fn relative_to(directory: &Path, file: &Path) -> PathBuf {
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
    fn a_path_is_relative_to_the_directory_of_the_lock() {
        for (file, relative) in [
            ("/a/b/c.wasm", "c.wasm"),
            ("/a/b/d/c.wasm", "d/c.wasm"),
            ("/a/c.wasm", "../c.wasm"),
            ("/x/c.wasm", "../../x/c.wasm"),
        ] {
            assert_eq!(relative_to(Path::new("/a/b"), Path::new(file)), Path::new(relative));
        }
    }

    #[cfg(unix)]
    #[test]
    fn of_programs_that_write_at_once_one_wins_and_the_others_say_so() {
        let directory = tempfile::tempdir().unwrap();
        let config = directory.path().join("keywright.toml");
        let locked = |index: usize| LockedAdapter {
            vendor: format!("vendor-{index}"),
            file: PathBuf::from("a.wasm"),
            digest: Digest::of(b"a"),
            descriptor: Digest::of(b"b"),
            extra: ExtraGrants::default(),
            environment: BTreeSet::new(),
            requested: RuleSet::default(),
            granted: RuleSet::default(),
        };
        let write = |index: usize| {
            let mut lock = Lock::of_config(Some(&config)).unwrap();
            lock.insert(locked(index));
            lock.write().is_ok()
        };
        let written = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16).map(|index| scope.spawn(move || write(index))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<bool>>()
        });
        // Whoever was told that it is written finds it there: nobody's entry was overwritten unseen.
        let lock = Lock::of_config(Some(&config)).unwrap();
        for (index, written) in written.into_iter().enumerate() {
            assert_eq!(lock.find(&format!("vendor-{index}")).is_some(), written, "{index}");
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

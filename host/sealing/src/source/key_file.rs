//! Key files.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::file_access::{self, Attributes, failed};
use super::{AccessProblem, KeySourceError, key_text};
use crate::key::random_key;
use crate::{SealingKey, random};

/// A file with a key, which only its owner may use: mode 0600, in a directory of mode 0700.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    /// The key file at this path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the file with a new random key, on the disk when this returns. A directory that is missing is made too.
    ///
    /// The file appears with its whole content or not at all.
    ///
    /// # Errors
    ///
    /// [`Exists`](KeySourceError::Exists) when there is anything at its path; [`Access`](KeySourceError::Access) when its
    /// directory is open to others; [`Io`](KeySourceError::Io); or when there are no random bytes.
    pub fn create(&self) -> Result<SealingKey, KeySourceError> {
        let directory = match self.path.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => {
                return Err(KeySourceError::Access { path: self.path.clone(), problem: AccessProblem::NotAFile });
            }
        };
        make_directory(directory)?;
        check_directory(directory)?;
        let written = |error| failed(&self.path, "written", &error);
        let key = random_key(&mut random::system())?;
        // Its mode is 0600.
        let mut file = tempfile::Builder::new().prefix(".keywright-key-").tempfile_in(directory).map_err(written)?;
        file.write_all(&key_text::write(&key)).map_err(written)?;
        file.as_file().sync_all().map_err(written)?;
        file.persist_noclobber(&self.path).map_err(|refused| match refused.error.kind() {
            io::ErrorKind::AlreadyExists => KeySourceError::Exists { path: self.path.clone() },
            _ => written(refused.error),
        })?;
        sync_directory(directory)?;
        // What is sealed next is sealed with what the file gives, so that this is known to work before anything depends on it.
        self.load()
    }

    /// The key in the file.
    ///
    /// # Errors
    ///
    /// [`Missing`](KeySourceError::Missing); [`Access`](KeySourceError::Access) when it is a symbolic link, belongs to
    /// somebody else or its mode lets others in; [`NotAKey`](KeySourceError::NotAKey), [`Damaged`](KeySourceError::Damaged) or
    /// [`NewerFormat`](KeySourceError::NewerFormat) for its content; [`Io`](KeySourceError::Io).
    pub fn load(&self) -> Result<SealingKey, KeySourceError> {
        let content = file_access::read(&self.path, only_the_owners)?;
        Ok(SealingKey::new(&key_text::read(&self.path, &content)?)?)
    }
}

fn only_the_owners(file: Attributes) -> Result<(), AccessProblem> {
    // Before the mode: who does not own a file cannot change its mode.
    if file.owner != file.user {
        return Err(AccessProblem::Owner { owner: file.owner, user: file.user });
    }
    if file.mode & 0o077 != 0 {
        return Err(AccessProblem::FileMode { mode: file.mode, wanted: 0o600 });
    }
    Ok(())
}

fn directory_of_the_owner(directory: Attributes) -> Result<(), AccessProblem> {
    if directory.owner != directory.user {
        return Err(AccessProblem::Owner { owner: directory.owner, user: directory.user });
    }
    if directory.mode & 0o077 != 0 {
        return Err(AccessProblem::DirectoryMode { mode: directory.mode });
    }
    Ok(())
}

fn check_directory(directory: &Path) -> Result<(), KeySourceError> {
    let refuse = |problem| KeySourceError::Access { path: directory.to_owned(), problem };
    let metadata = fs::metadata(directory).map_err(|error| failed(directory, "looked at", &error))?;
    if !metadata.is_dir() {
        return Err(refuse(AccessProblem::NotADirectory));
    }
    file_access::attributes(&metadata).map_or(Ok(()), directory_of_the_owner).map_err(refuse)
}

/// Makes a directory and those above it that are missing, each of mode 0700 and on the disk.
fn make_directory(directory: &Path) -> Result<(), KeySourceError> {
    if directory.exists() {
        return Ok(());
    }
    let above = directory.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_directory(above)?;
    match private_directory().create(directory) {
        Ok(()) => sync_directory(above),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failed(directory, "made", &error)),
    }
}

#[cfg(unix)]
fn private_directory() -> fs::DirBuilder {
    use std::os::unix::fs::DirBuilderExt as _;

    let mut builder = fs::DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn private_directory() -> fs::DirBuilder {
    fs::DirBuilder::new()
}

/// Writes to the disk that a name is in its directory. Windows does so by itself.
fn sync_directory(directory: &Path) -> Result<(), KeySourceError> {
    if cfg!(unix) {
        let synced = File::open(directory).and_then(|directory| directory.sync_all());
        synced.map_err(|error| failed(directory, "written", &error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_user_is_refused_in_any_mode() {
        let foreign = |mode| Attributes { mode, owner: 1001, user: 1000 };
        let owner = AccessProblem::Owner { owner: 1001, user: 1000 };
        assert_eq!(only_the_owners(foreign(0o600)), Err(owner.clone()));
        assert_eq!(only_the_owners(foreign(0o644)), Err(owner.clone()));
        assert_eq!(directory_of_the_owner(foreign(0o700)), Err(owner));
    }

    #[test]
    fn the_superuser_is_no_exception() {
        let problem = only_the_owners(Attributes { mode: 0o600, owner: 1000, user: 0 });
        assert_eq!(problem, Err(AccessProblem::Owner { owner: 1000, user: 0 }));
    }

    #[test]
    fn each_permission_of_others_is_one_too_many() {
        let own = |mode| Attributes { mode, owner: 1000, user: 1000 };
        for mode in [0o600, 0o400] {
            assert_eq!(only_the_owners(own(mode)), Ok(()));
        }
        for bit in 0..6 {
            let mode = 0o600 | 1 << bit;
            assert_eq!(only_the_owners(own(mode)), Err(AccessProblem::FileMode { mode, wanted: 0o600 }));
            let mode = 0o700 | 1 << bit;
            assert_eq!(directory_of_the_owner(own(mode)), Err(AccessProblem::DirectoryMode { mode }));
        }
    }
}

//! Reading a file that only its owner may use.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use secrecy::zeroize::Zeroizing;

use super::key_text::MAX_LENGTH;
use super::{AccessProblem, KeySourceError};

/// What is looked at before a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attributes {
    /// The permission bits.
    pub(super) mode: u32,
    /// The owner's number.
    pub(super) owner: u32,
    /// The number of the user that this program runs as.
    pub(super) user: u32,
}

/// What makes a file safe to use.
pub(super) type Rule = fn(Attributes) -> Result<(), AccessProblem>;

/// The content of a file, at most one byte more than [`MAX_LENGTH`]. Links are not followed, and what is looked at is the
/// open file, so that nothing can be put in its place in between.
///
/// # Errors
///
/// [`Missing`](KeySourceError::Missing), [`Access`](KeySourceError::Access) or [`Io`](KeySourceError::Io).
pub(super) fn read(path: &Path, rule: Rule) -> Result<Zeroizing<Vec<u8>>, KeySourceError> {
    let refuse = |problem| KeySourceError::Access { path: path.to_owned(), problem };
    let file = open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => KeySourceError::Missing { path: path.to_owned() },
        _ if path.is_symlink() => refuse(AccessProblem::Symlink),
        // A directory of Windows cannot be opened, and a socket of Unix neither.
        _ if path.exists() && !path.is_file() => refuse(AccessProblem::NotAFile),
        _ => failed(path, "opened", &error),
    })?;
    let metadata = file.metadata().map_err(|error| failed(path, "looked at", &error))?;
    if !metadata.is_file() {
        return Err(refuse(AccessProblem::NotAFile));
    }
    if let Some(attributes) = attributes(&metadata) {
        rule(attributes).map_err(refuse)?;
    }
    // Room for all of it: were it to grow, a copy would stay behind.
    let mut content = Zeroizing::new(Vec::with_capacity(MAX_LENGTH + 1));
    file.take(MAX_LENGTH as u64 + 1).read_to_end(&mut content).map_err(|error| failed(path, "read", &error))?;
    Ok(content)
}

pub(super) fn failed(path: &Path, action: &'static str, error: &io::Error) -> KeySourceError {
    KeySourceError::Io { path: path.to_owned(), action, reason: error.to_string() }
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::OFlags;

    // Without waiting: a pipe would keep it waiting for a writer.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    if path.is_symlink() {
        return Err(io::Error::other("it is a symbolic link"));
    }
    OpenOptions::new().read(true).open(path)
}

/// What a file or directory is open to; none on Windows, where access control lists say that.
#[cfg(unix)]
pub(super) fn attributes(metadata: &std::fs::Metadata) -> Option<Attributes> {
    use std::os::unix::fs::MetadataExt as _;

    let user = rustix::process::geteuid().as_raw();
    Some(Attributes { mode: metadata.mode() & 0o7777, owner: metadata.uid(), user })
}

#[cfg(not(unix))]
pub(super) fn attributes(_: &std::fs::Metadata) -> Option<Attributes> {
    None
}

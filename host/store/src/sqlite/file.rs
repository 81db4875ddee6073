//! The file of a database: its owner's alone.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use crate::error::StoreError;

/// What SQLite keeps next to the file while it is in use.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// The path of the file, after a look at it and at its directory. Made, empty, where `create` says so and it is missing.
///
/// # Errors
///
/// When it is missing, is not a file of this user alone, or is in a directory that others may write to.
pub(super) fn prepare(path: &Path, create: bool) -> Result<PathBuf, StoreError> {
    let name = path.file_name().ok_or_else(|| refused(path, "is not the path of a file", "give the path of a file"))?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if create {
        make_directory(parent).map_err(|error| failed(parent, &error))?;
    }
    // Links on the way are followed here, once; SQLite is then forbidden to follow any.
    let directory = parent.canonicalize().map_err(|error| failed(path, &error))?;
    check_directory(&directory)?;
    let file = directory.join(name);
    match file.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound && create => {
            make(&file).map_err(|error| failed(&file, &error))?;
        }
        Err(error) => return Err(failed(&file, &error)),
        Ok(_) => {}
    }
    check_file(&file)?;
    for companion in COMPANIONS {
        let mut with = file.clone().into_os_string();
        with.push(companion);
        let with = PathBuf::from(with);
        if with.symlink_metadata().is_ok() {
            check_file(&with)?;
        }
    }
    Ok(file)
}

/// Makes the file, so that it is there after a power failure too.
fn make(file: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Ok(made) => made.sync_all()?,
        // Another program was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(error),
    }
    #[cfg(unix)]
    File::open(file.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

fn make_directory(directory: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

#[cfg(unix)]
fn check_directory(directory: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = directory.metadata().map_err(|error| failed(directory, &error))?;
    if !metadata.is_dir() {
        return Err(refused(directory, "is not a directory", "give the path of a file in a directory of yours"));
    }
    let ours = rustix::process::geteuid().as_raw();
    if metadata.uid() != ours && metadata.uid() != 0 {
        return Err(refused(directory, "belongs to another user", "keep the store in a directory of yours"));
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(refused(
            directory,
            "can be written to by other users",
            "run `chmod go-w` on it, or keep the store in a directory of its own",
        ));
    }
    Ok(())
}

#[cfg(unix)]
fn check_file(file: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = file.symlink_metadata().map_err(|error| failed(file, &error))?;
    if metadata.is_symlink() {
        return Err(refused(file, "is a symbolic link", "give the path of the file that it leads to"));
    }
    if !metadata.is_file() {
        return Err(refused(file, "is not a regular file", "give the path of a regular file"));
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(refused(file, "belongs to another user", "run this program as the owner of the store"));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(refused(file, "is accessible to other users", "run `chmod 600` on it"));
    }
    if metadata.mode() & 0o200 == 0 {
        return Err(refused(file, "is read-only", "run `chmod 600` on it"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_directory(_: &Path) -> Result<(), StoreError> {
    // A user's own directories are private by the system's default.
    Ok(())
}

#[cfg(not(unix))]
fn check_file(file: &Path) -> Result<(), StoreError> {
    let metadata = file.symlink_metadata().map_err(|error| failed(file, &error))?;
    if metadata.is_symlink() {
        return Err(refused(file, "is a symbolic link", "give the path of the file that it leads to"));
    }
    Ok(())
}

fn refused(path: &Path, what: &str, advice: &'static str) -> StoreError {
    StoreError::Unavailable { verb: "opened", cause: format!("`{}` {what}", path.display()), advice }
}

fn failed(path: &Path, error: &Error) -> StoreError {
    let (what, advice) = match error.kind() {
        ErrorKind::NotFound => {
            ("does not exist".to_owned(), "run `keywright init` to make a new store, or give the path of yours")
        }
        ErrorKind::PermissionDenied => {
            ("is not accessible to this user".to_owned(), "run this program as the owner of the store")
        }
        ErrorKind::ReadOnlyFilesystem => ("is on a read-only file system".to_owned(), "keep the store on another one"),
        ErrorKind::StorageFull => ("is on a disk that is full".to_owned(), "make room, then try again"),
        _ => (format!("fails: {error}"), "look at the disk, then try again"),
    };
    refused(path, &what, advice)
}

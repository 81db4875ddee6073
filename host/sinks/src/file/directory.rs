//! The directory that a file is in: opened once, checked, locked, and used by its descriptor, so that what was checked is
//! what is written to.

use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{AtFlags, FlockOperation, Gid, Mode, OFlags};
use zeroize::Zeroizing;

use crate::error::SinkError;

/// No configuration file is near this size.
const MAX_SIZE: u64 = 1 << 20;

/// Who may read a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permissions {
    /// The bits of its mode.
    pub(super) mode: u32,
    /// Its group, if it is not the one that the system gives.
    pub(super) group: Option<Gid>,
}

/// An open directory that only its owner can write to, locked against others that write there.
#[derive(Debug)]
pub(super) struct Directory {
    descriptor: File,
    path: PathBuf,
}

impl Directory {
    /// Opens it and waits for the lock; none if there is no such directory. The lock ends with the value.
    pub(super) fn open(path: &Path, limit: Duration) -> Result<Option<Self>, SinkError> {
        let real = match path.canonicalize() {
            Ok(real) => real,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(storage(path, error)),
        };
        for ancestor in real.ancestors().skip(1) {
            check_ancestor(ancestor)?;
        }
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::RDONLY | OFlags::CLOEXEC;
        let descriptor = rustix::fs::open(&real, flags, Mode::empty()).map_err(|error| storage(path, error.into()))?;
        let directory = Self { descriptor: descriptor.into(), path: real };
        let metadata = directory.descriptor.metadata().map_err(|error| storage(path, error))?;
        check_owner(&directory.path, metadata.uid())?;
        if metadata.mode() & 0o022 != 0 {
            let advice = "take that from them with `chmod go-w`, or choose another directory";
            return Err(refused(&directory.path, format!("can be written to by others than its owner: {advice}")));
        }
        directory.lock(limit)?;
        Ok(Some(directory))
    }

    /// Makes the directory and those above it that are missing, durably, with mode 0700.
    pub(super) fn create(path: &Path) -> Result<(), SinkError> {
        let missing = |ancestor: &&Path| !ancestor.as_os_str().is_empty() && !ancestor.exists();
        let missing: Vec<&Path> = path.ancestors().take_while(missing).collect();
        for directory in missing.into_iter().rev() {
            match DirBuilder::new().mode(0o700).create(directory) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(storage(directory, error)),
                _ => {}
            }
            let parent = directory.parent().filter(|parent| !parent.as_os_str().is_empty());
            let sync = File::open(parent.unwrap_or(Path::new("."))).and_then(|parent| parent.sync_all());
            sync.map_err(|error| storage(directory, error))?;
        }
        Ok(())
    }

    /// The lock is on the directory itself: it leaves no file, and holds for every file in it.
    fn lock(&self, limit: Duration) -> Result<(), SinkError> {
        let deadline = Instant::now() + limit;
        let mut pause = Duration::from_millis(1);
        loop {
            match rustix::fs::flock(&self.descriptor, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(()),
                Err(rustix::io::Errno::WOULDBLOCK) if Instant::now() < deadline => thread::sleep(pause),
                Err(rustix::io::Errno::WOULDBLOCK) => {
                    return Err(SinkError::Busy { place: shown(&self.path), limit });
                }
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(storage(&self.path, error.into())),
            }
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    /// The path of a file in it, for messages.
    pub(super) fn shown(&self, name: &str) -> String {
        shown(&self.path.join(name))
    }

    /// The text of a file; none if there is no such file.
    pub(super) fn read(&self, name: &str) -> Result<Option<Zeroizing<String>>, SinkError> {
        let Some(file) = self.open_file(name)? else { return Ok(None) };
        let failed = |error| self.storage(name, error);
        // One allocation, so that growing leaves no copies behind.
        let size = file.metadata().map_err(failed)?.len();
        let capacity = usize::try_from(size.min(MAX_SIZE)).unwrap_or(0) + 1;
        let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
        file.take(MAX_SIZE + 1).read_to_end(&mut bytes).map_err(failed)?;
        let malformed = |reason: &str| SinkError::Malformed { place: self.shown(name), reason: reason.to_owned() };
        if bytes.len() as u64 > MAX_SIZE {
            return Err(malformed("is larger than 1 MiB: choose another path"));
        }
        match String::from_utf8(std::mem::take(&mut *bytes)) {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(error) => {
                drop(Zeroizing::new(error.into_bytes()));
                Err(malformed("is not UTF-8 text: move it away, or choose another path"))
            }
        }
    }

    /// Takes from a file the permissions that it has and should not have.
    pub(super) fn narrow(&self, name: &str, permissions: Permissions) -> Result<(), SinkError> {
        let Some(file) = self.open_file(name)? else { return Ok(()) };
        let failed = |error| self.storage(name, error);
        let mode = file.metadata().map_err(failed)?.mode() & 0o7777;
        if mode & !permissions.mode != 0 {
            let narrowed = Mode::from_raw_mode((mode & permissions.mode) as rustix::fs::RawMode);
            rustix::fs::fchmod(&file, narrowed).map_err(|error| failed(error.into()))?;
            file.sync_all().map_err(failed)?;
        }
        Ok(())
    }

    /// Opens a regular file that is ours, to read it.
    fn open_file(&self, name: &str) -> Result<Option<File>, SinkError> {
        // NONBLOCK: a FIFO would wait for a writer.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match rustix::fs::openat(&self.descriptor, name, flags, Mode::empty()) {
            Ok(descriptor) => File::from(descriptor),
            Err(rustix::io::Errno::NOENT) => return Ok(None),
            Err(rustix::io::Errno::LOOP) => {
                let advice = "give the path of the file that it leads to, or remove the link";
                return Err(refused(&self.path.join(name), format!("is a symbolic link: {advice}")));
            }
            // A socket has no other answer.
            Err(rustix::io::Errno::NXIO) => return Err(self.not_regular(name)),
            Err(error) => return Err(self.storage(name, error.into())),
        };
        let metadata = file.metadata().map_err(|error| self.storage(name, error))?;
        if !metadata.is_file() {
            return Err(self.not_regular(name));
        }
        if metadata.uid() != ours() {
            let advice = "have Keywright run as its owner, or choose another path";
            return Err(refused(&self.path.join(name), format!("belongs to another user: {advice}")));
        }
        Ok(Some(file))
    }

    fn not_regular(&self, name: &str) -> SinkError {
        refused(&self.path.join(name), "is not a regular file: choose another path".to_owned())
    }

    /// Puts a file in the place of what is there, whole or not at all, durably.
    pub(super) fn replace(&self, name: &str, text: &str, permissions: Permissions) -> Result<(), SinkError> {
        let temporary = temporary(name);
        self.tidy(name)?;
        let written = self.write_new(&temporary, text, permissions).and_then(|()| {
            rustix::fs::renameat(&self.descriptor, &temporary, &self.descriptor, name).map_err(io::Error::from)
        });
        if let Err(error) = written {
            // Should this fail too, the next write does it.
            let _ = rustix::fs::unlinkat(&self.descriptor, &temporary, AtFlags::empty());
            return Err(self.storage(name, error));
        }
        self.sync(name)
    }

    fn write_new(&self, name: &str, text: &str, permissions: Permissions) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let private = Mode::RUSR | Mode::WUSR;
        let mut file = File::from(rustix::fs::openat(&self.descriptor, name, flags, private)?);
        file.write_all(text.as_bytes())?;
        if permissions.group.is_some() {
            rustix::fs::fchown(&file, None, permissions.group)?;
        }
        rustix::fs::fchmod(&file, Mode::from_raw_mode(permissions.mode as rustix::fs::RawMode))?;
        file.sync_all()
    }

    /// Removes a file, durably.
    pub(super) fn remove(&self, name: &str) -> Result<(), SinkError> {
        match rustix::fs::unlinkat(&self.descriptor, name, AtFlags::empty()) {
            Ok(()) => self.sync(name),
            Err(rustix::io::Errno::NOENT) => Ok(()),
            Err(error) => Err(self.storage(name, error.into())),
        }
    }

    /// Removes what a write that was killed left behind. Who has the lock knows that nobody is using it.
    pub(super) fn tidy(&self, name: &str) -> Result<(), SinkError> {
        match rustix::fs::unlinkat(&self.descriptor, temporary(name), AtFlags::empty()) {
            Ok(()) | Err(rustix::io::Errno::NOENT) => Ok(()),
            Err(error) => Err(self.storage(name, error.into())),
        }
    }

    /// Makes a rename or removal durable.
    fn sync(&self, name: &str) -> Result<(), SinkError> {
        let place = || self.shown(name);
        self.descriptor.sync_all().map_err(|source| SinkError::Storage { place: place(), renamed: true, source })
    }

    fn storage(&self, name: &str, error: io::Error) -> SinkError {
        storage(&self.path.join(name), error)
    }
}

fn temporary(name: &str) -> String {
    format!(".{name}.keywright-new")
}

fn ours() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Who can rename a directory on the way can put another in its place.
///
/// **Choice:** a group that can write there is not refused, as homes and projects are often shared with a group of one.
fn check_ancestor(path: &Path) -> Result<(), SinkError> {
    let metadata = fs::metadata(path).map_err(|error| storage(path, error))?;
    check_owner(path, metadata.uid())?;
    // With the sticky bit, as /tmp has it, what is in it can be renamed by its owner only.
    if metadata.mode() & 0o002 != 0 && metadata.mode() & 0o1000 == 0 {
        let advice = "take that from them with `chmod o-w`, or choose another directory";
        return Err(refused(path, format!("can be written to by everyone: {advice}")));
    }
    Ok(())
}

fn check_owner(path: &Path, owner: u32) -> Result<(), SinkError> {
    if owner == ours() || owner == 0 {
        return Ok(());
    }
    let advice = "have Keywright run as its owner, or choose another directory";
    Err(refused(path, format!("belongs to a user other than the one who runs Keywright, and root: {advice}")))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn refused(path: &Path, reason: String) -> SinkError {
    SinkError::Unsafe { place: shown(path), reason }
}

fn storage(path: &Path, error: io::Error) -> SinkError {
    SinkError::Storage { place: shown(path), renamed: false, source: error }
}

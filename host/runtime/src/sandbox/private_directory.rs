//! A directory that only its owner can write to, with files that only its owner has written.

pub(crate) use system::PrivateDirectory;

#[cfg(unix)]
mod system {
    use std::fs::{self, File};
    use std::io::{Error, ErrorKind, Read as _, Result, Write as _};
    use std::os::fd::OwnedFd;
    use std::path::{Component, Path};

    use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat, fstat, fsync, mkdirat, openat, renameat, unlinkat};
    use rustix::io::Errno;

    const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

    /// A directory that nobody else could write to, nor to any above it, when it was opened. Its files are reached through
    /// its descriptor, so that it is this one whatever its path leads to later.
    #[derive(Debug)]
    pub(crate) struct PrivateDirectory {
        descriptor: OwnedFd,
    }

    impl PrivateDirectory {
        /// Opens it, one directory after the other from the root, and makes those that are missing.
        ///
        /// # Errors
        ///
        /// When one cannot be made or opened, belongs to neither this user nor root, or others may write to it; but for
        /// those above it a sticky bit is enough, as `/tmp` has it.
        pub(crate) fn open(path: &Path) -> Result<Self> {
            let absolute = std::path::absolute(path)?;
            // Links above are followed once; what they lead to is walked without any.
            let (existing, missing) = split(&absolute)?;
            let mut descriptor = openat(CWD, "/", DIRECTORY, Mode::empty())?;
            check(&fstat(&descriptor)?, false)?;
            let names = existing.components().filter(|part| matches!(part, Component::Normal(_)));
            let names: Vec<_> = names.map(|part| part.as_os_str().to_owned()).chain(missing).collect();
            for (index, name) in names.iter().enumerate() {
                match mkdirat(&descriptor, name, Mode::RWXU) {
                    Ok(()) | Err(Errno::EXIST) => {}
                    // The usual answer for what is there already and mounted read-only, or above what is one's own.
                    Err(Errno::ROFS | Errno::ACCESS | Errno::PERM) => {}
                    Err(error) => return Err(error.into()),
                }
                descriptor = openat(&descriptor, name, DIRECTORY, Mode::empty())?;
                check(&fstat(&descriptor)?, index + 1 == names.len())?;
            }
            Ok(Self { descriptor })
        }

        /// A file of this directory.
        ///
        /// # Errors
        ///
        /// When there is none, or it is a link, or not a file that only this user can write.
        pub(crate) fn read(&self, name: &str) -> Result<Vec<u8>> {
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
            let descriptor = openat(&self.descriptor, name, flags, Mode::empty())?;
            let stat = fstat(&descriptor)?;
            if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
                return Err(refused("it is not a file"));
            }
            check(&stat, true)?;
            let mut bytes = Vec::new();
            File::from(descriptor).read_to_end(&mut bytes)?;
            Ok(bytes)
        }

        /// Puts a file there, whole or not at all: another process may be reading, and a machine may lose its power.
        ///
        /// # Errors
        ///
        /// When it cannot be written.
        pub(crate) fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
            let temporary = format!(".{:032x}", rand::random::<u128>());
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let descriptor = openat(&self.descriptor, &temporary, flags, Mode::RUSR | Mode::WUSR)?;
            let mut file = File::from(descriptor);
            let written = file
                .write_all(bytes)
                .and_then(|()| file.sync_all())
                .and_then(|()| Ok(renameat(&self.descriptor, &temporary, &self.descriptor, name)?));
            if written.is_err() {
                let _gone = unlinkat(&self.descriptor, &temporary, AtFlags::empty());
            }
            written?;
            Ok(fsync(&self.descriptor)?)
        }
    }

    /// The nearest directory above `path` that is there, without links, and the names below it. The last name is always
    /// among these: where a link stands in its place it is not followed.
    fn split(path: &Path) -> Result<(std::path::PathBuf, Vec<std::ffi::OsString>)> {
        let mut below = Vec::new();
        let mut above = path;
        loop {
            let (Some(parent), Some(name)) = (above.parent(), above.file_name()) else {
                return Ok((above.to_owned(), below));
            };
            below.insert(0, name.to_owned());
            above = parent;
            match fs::canonicalize(above) {
                Ok(real) => return Ok((real, below)),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Who may write. Root could write anywhere. What is to be private belongs to this user.
    fn check(stat: &Stat, private: bool) -> Result<()> {
        let ours = rustix::process::geteuid().as_raw();
        if stat.st_uid != ours && (private || stat.st_uid != 0) {
            return Err(refused("it or a directory above it belongs to another user"));
        }
        let mode = Mode::from_raw_mode(stat.st_mode);
        let is_shared = mode.intersects(Mode::WGRP | Mode::WOTH);
        if is_shared && (private || !mode.contains(Mode::SVTX)) {
            return Err(refused("others may write to it or to a directory above it: make it yours, with mode 0700"));
        }
        Ok(())
    }

    fn refused(why: &'static str) -> Error {
        Error::new(ErrorKind::PermissionDenied, why)
    }

    #[cfg(test)]
    mod tests {
        use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

        use super::*;

        fn mode(path: &Path, mode: u32) {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }

        #[test]
        fn what_is_missing_is_made_private() {
            let parent = tempfile::tempdir().unwrap();
            let directory = parent.path().join("a").join("b");
            PrivateDirectory::open(&directory).unwrap();
            for made in [directory.parent().unwrap(), &directory] {
                assert_eq!(fs::metadata(made).unwrap().permissions().mode() & 0o777, 0o700);
            }
        }

        #[test]
        fn where_others_may_write_is_not_used_nor_what_is_below() {
            let parent = tempfile::tempdir().unwrap();
            let directory = parent.path().join("a").join("b");
            PrivateDirectory::open(&directory).unwrap();
            for (place, usable) in [(directory.clone(), [0o700, 0o755]), (parent.path().join("a"), [0o755, 0o1777])] {
                for shared in [0o770, 0o707, 0o777] {
                    mode(&place, shared);
                    assert!(PrivateDirectory::open(&directory).is_err(), "{} {shared:o}", place.display());
                }
                for usable in usable {
                    mode(&place, usable);
                    assert!(PrivateDirectory::open(&directory).is_ok(), "{} {usable:o}", place.display());
                }
            }
            // A sticky bit keeps others from replacing what is there, not from adding to it.
            mode(&directory, 0o1777);
            assert!(PrivateDirectory::open(&directory).is_err());
        }

        #[test]
        fn what_another_user_owns_is_not_used_nor_what_is_below() {
            // Only root can give directories away.
            if !rustix::process::geteuid().is_root() {
                return;
            }
            let parent = tempfile::tempdir().unwrap();
            let directory = parent.path().join("a").join("b");
            PrivateDirectory::open(&directory).unwrap();
            for place in [directory.as_path(), directory.parent().unwrap()] {
                chown(place, Some(12345), None).unwrap();
                assert!(PrivateDirectory::open(&directory).is_err(), "{}", place.display());
                chown(place, Some(0), None).unwrap();
            }
            let opened = PrivateDirectory::open(&directory).unwrap();
            opened.replace("file", b"code").unwrap();
            chown(directory.join("file"), Some(12345), None).unwrap();
            assert!(opened.read("file").is_err());
        }

        #[test]
        fn a_link_in_its_place_is_not_used_and_one_above_is() {
            let parent = tempfile::tempdir().unwrap();
            let directory = parent.path().join("directory");
            fs::create_dir(&directory).unwrap();
            let link = parent.path().join("link");
            symlink(&directory, &link).unwrap();
            assert!(PrivateDirectory::open(&link).is_err());
            assert!(PrivateDirectory::open(&link.join("below")).is_ok());
            assert!(directory.join("below").is_dir());
        }

        #[test]
        fn a_file_is_replaced_whole_and_read_only_where_nobody_else_wrote_it() {
            let parent = tempfile::tempdir().unwrap();
            let path = parent.path().join("directory");
            let opened = PrivateDirectory::open(&path).unwrap();
            assert_eq!(opened.read("file").unwrap_err().kind(), ErrorKind::NotFound);
            for bytes in [&b"one"[..], b"another"] {
                opened.replace("file", bytes).unwrap();
                assert_eq!(opened.read("file").unwrap(), bytes);
            }
            assert_eq!(fs::read_dir(&path).unwrap().count(), 1, "nothing else is left behind");
            mode(&path.join("file"), 0o666);
            assert!(opened.read("file").is_err());
            symlink(path.join("file"), path.join("link")).unwrap();
            assert!(opened.read("link").is_err());
            assert!(opened.read("..").is_err());
            // It stays the directory that it was, wherever its path leads.
            fs::rename(&path, parent.path().join("moved")).unwrap();
            opened.replace("later", b"").unwrap();
            assert!(parent.path().join("moved").join("later").exists());
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::fs;
    use std::io::{Result, Write as _};
    use std::path::{Path, PathBuf};

    /// A directory below the user's own, which is private by the system's default.
    #[derive(Debug)]
    pub(crate) struct PrivateDirectory {
        path: PathBuf,
    }

    impl PrivateDirectory {
        /// Opens it, and makes it if it is missing.
        pub(crate) fn open(path: &Path) -> Result<Self> {
            fs::create_dir_all(path)?;
            Ok(Self { path: path.to_owned() })
        }

        /// A file of this directory.
        pub(crate) fn read(&self, name: &str) -> Result<Vec<u8>> {
            fs::read(self.path.join(name))
        }

        /// Puts a file there, whole or not at all.
        pub(crate) fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
            let mut temporary = tempfile::NamedTempFile::new_in(&self.path)?;
            temporary.write_all(bytes)?;
            temporary.as_file().sync_all()?;
            temporary.persist(self.path.join(name))?;
            Ok(())
        }
    }
}

//! The file of a new secret. It appears under its name only when it holds the secret, whole and on the disk, and never in
//! the place of another file.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use tempfile::{Builder, NamedTempFile};

use super::secret_document::SecretDocument;
use crate::error::Error;
use crate::output::Output;

/// A new file that only its owner can read: a temporary one in the same directory until it is written.
#[derive(Debug)]
pub(super) struct SecretFile {
    path: PathBuf,
    file: NamedTempFile,
}

impl SecretFile {
    /// Makes the temporary file, so that one that cannot be made fails before any request.
    pub(super) fn create(path: &Path) -> Result<Self, Error> {
        if path.as_os_str() == "-" {
            return Err(Error::usage("--secret-file takes the path of a new file: to print the secret, give --reveal"));
        }
        let shown = path.display();
        // Also a link that leads nowhere is in the way.
        if path.symlink_metadata().is_ok() {
            return Err(exists(path));
        }
        let cannot = |error: &dyn std::fmt::Display| {
            Error::usage(format!("the secret file {shown} cannot be created ({error}): name another"))
        };
        let Some(name) = path.file_name().filter(|_| !ends_with_separator(path)) else {
            return Err(cannot(&"it is a directory"));
        };
        let mut prefix = std::ffi::OsString::from(".");
        prefix.push(name);
        prefix.push(".");
        // Private from the start: the default of temporary files.
        let file =
            Builder::new().prefix(&prefix).tempfile_in(directory(path)).map_err(|error| cannot(&error.kind()))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Writes it, and gives it its name.
    ///
    /// # Errors
    ///
    /// When it cannot be written. When only its name cannot be given, as it was taken meanwhile, the temporary file stays,
    /// with a warning: the path that is returned is where the secret is.
    pub(super) fn write(self, output: Output, document: &SecretDocument) -> Result<PathBuf, Error> {
        let Self { path, mut file } = self;
        let unwritten = |cause: &dyn std::fmt::Display| {
            Error::new("output", format!("the secret file {} cannot be written: {cause}", path.display()))
        };
        // Built in a type that wipes it.
        let json = SecretString::from(format!("{}\n", document.exposed()));
        file.write_all(json.expose_secret().as_bytes())
            .and_then(|()| file.as_file().sync_all())
            .map_err(|error| unwritten(&error))?;
        match file.persist_noclobber(&path) {
            Ok(_) => {
                sync_directory(&path);
                Ok(path)
            }
            Err(error) => match error.file.keep() {
                Ok((_, kept)) => {
                    sync_directory(&kept);
                    let (path, cause, kept_at) = (path.display(), error.error.kind(), kept.display());
                    output.warn(&format!("the secret file cannot get the name {path} ({cause}): it is {kept_at}"));
                    Ok(kept)
                }
                Err(_) => Err(unwritten(&error.error)),
            },
        }
    }
}

fn exists(path: &Path) -> Error {
    Error::usage(format!("the secret file {} exists already: name a new one", path.display()))
}

fn ends_with_separator(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b"/")
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// Makes the name as durable as what is in the file. Not every file system can: the secret is written either way.
fn sync_directory(path: &Path) {
    let _unsupported: io::Result<()> = File::open(directory(path)).and_then(|directory| directory.sync_all());
}

#[cfg(test)]
mod tests {
    use std::fs;

    use keywright_auth::Parts;

    use super::*;
    use crate::output::Format;

    fn document() -> SecretDocument {
        SecretDocument::of(&Parts::from_iter([("secret_key", "hush".to_owned())]))
    }

    fn names(directory: &Path) -> Vec<String> {
        let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }

    #[test]
    fn a_secret_file_is_new_and_private() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        SecretFile::create(&path).unwrap().write(Output::new(Format::Table), &document()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"secret_key\":\"hush\"}\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(SecretFile::create(&path).err().unwrap().message().contains("exists already"));
        assert_eq!(names(directory.path()), ["key.json"], "nothing is left beside it, and what was there is kept");
    }

    #[test]
    fn a_secret_file_has_its_name_only_when_it_holds_the_secret() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        let file = SecretFile::create(&path).unwrap();
        assert!(!path.exists());
        drop(file);
        assert_eq!(names(directory.path()), [""; 0], "what is not written is removed");
    }

    #[test]
    fn a_file_that_another_program_made_meanwhile_is_kept_and_the_secret_too() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        let file = SecretFile::create(&path).unwrap();
        fs::write(&path, "mine").unwrap();
        let written = file.write(Output::new(Format::Table), &document()).unwrap();
        assert_ne!(written, path);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        assert_eq!(fs::read_to_string(&written).unwrap(), "{\"secret_key\":\"hush\"}\n");
    }

    #[test]
    fn a_place_that_cannot_be_written_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        for (path, says) in [("none/key.json", "cannot be created"), ("sub/", "is a directory")] {
            let error = SecretFile::create(&directory.path().join(path)).err().unwrap();
            assert!(error.message().contains(says), "{}", error.message());
        }
        assert!(SecretFile::create(Path::new("-")).err().unwrap().message().contains("--reveal"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        std::os::unix::fs::symlink(directory.path().join("elsewhere"), &path).unwrap();
        assert!(SecretFile::create(&path).err().unwrap().message().contains("exists already"));
    }
}

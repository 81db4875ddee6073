//! Credentials of a systemd service: `LoadCredential=` and `LoadCredentialEncrypted=`, systemd.exec(5).

use std::ffi::OsString;
use std::path::PathBuf;

use super::file_access::{self, Attributes};
use super::{AccessProblem, KeySourceError, key_text};
use crate::SealingKey;

/// A key that the service manager provides as a file in `$CREDENTIALS_DIRECTORY`, with the content of a key file.
///
/// With `LoadCredentialEncrypted=` it is encrypted on the disk, also to the machine's TPM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemdCredential {
    directory: Option<PathBuf>,
    name: String,
}

impl SystemdCredential {
    /// The credential of this name, where `environment` gives the variables of this process.
    pub fn new(name: impl Into<String>, environment: &dyn Fn(&str) -> Option<OsString>) -> Self {
        Self { directory: environment("CREDENTIALS_DIRECTORY").map(PathBuf::from), name: name.into() }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key in it.
    ///
    /// # Errors
    ///
    /// When the service has no such credential, others may read it, or it holds no key.
    pub fn load(&self) -> Result<SealingKey, KeySourceError> {
        let name = || self.name.clone();
        let directory = self.directory.as_ref().ok_or(KeySourceError::NoCredentialsDirectory)?;
        if !directory.is_absolute() {
            return Err(KeySourceError::CredentialsDirectory { path: directory.clone() });
        }
        if !is_name(&self.name) {
            return Err(KeySourceError::CredentialName { name: name() });
        }
        let path = directory.join(&self.name);
        let content = file_access::read(&path, of_the_service_manager).map_err(|error| match error {
            KeySourceError::Missing { .. } => KeySourceError::MissingCredential { name: name() },
            other => other,
        })?;
        Ok(SealingKey::new(&key_text::read(&path, &content)?)?)
    }
}

/// **Choice**: systemd takes any name that a file can have; these characters are what its own examples use.
fn is_name(name: &str) -> bool {
    let characters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    characters && (1..=255).contains(&name.len()) && ![".", ".."].contains(&name)
}

/// systemd keeps credentials as root's with mode 0400 and lets the service read them by an access control list, or where there
/// are none makes them the service's own (`write_credential` in its `src/core/exec-credential.c`). The list's mask stands
/// where the mode has the group's bits. So the group may read here.
fn of_the_service_manager(file: Attributes) -> Result<(), AccessProblem> {
    if file.owner != 0 && file.owner != file.user {
        return Err(AccessProblem::Owner { owner: file.owner, user: file.user });
    }
    if file.mode & 0o037 != 0 {
        return Err(AccessProblem::FileMode { mode: file.mode, wanted: 0o400 });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_roots_or_the_services_own() {
        let file = |mode, owner| of_the_service_manager(Attributes { mode, owner, user: 1000 });
        for (mode, owner) in [(0o400, 1000), (0o400, 0), (0o440, 0), (0o600, 1000)] {
            assert_eq!(file(mode, owner), Ok(()), "{mode:o}");
        }
        assert_eq!(file(0o400, 1001), Err(AccessProblem::Owner { owner: 1001, user: 1000 }));
        for mode in [0o404, 0o402, 0o420, 0o410, 0o401] {
            assert_eq!(file(mode, 0), Err(AccessProblem::FileMode { mode, wanted: 0o400 }), "{mode:o}");
        }
    }

    #[test]
    fn a_name_stays_in_the_directory() {
        for name in ["keywright.key", "key-1", "..."] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", ".", "..", "a/b", "../key", "a b", "schlüssel", "a\0b", &"k".repeat(256)] {
            assert!(!is_name(name), "{name}");
        }
    }
}

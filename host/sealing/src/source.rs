//! Where the key encryption key comes from.

mod error;
mod file_access;
mod key_file;
mod key_text;
mod passphrase;
mod systemd;

use std::fmt;

use secrecy::SecretString;

pub use error::{AccessProblem, KeySourceError};
pub use key_file::KeyFile;
pub use passphrase::PassphraseParameters;
pub use systemd::SystemdCredential;

use crate::SealingKey;

/// Where the key encryption key comes from.
///
/// `Display` names the source for a message; nothing prints the key.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum KeySource {
    /// A file of the user's own.
    File(KeyFile),
    /// A file that the service manager provides.
    Systemd(SystemdCredential),
    /// A passphrase, from which the key is derived.
    Passphrase {
        /// The passphrase.
        passphrase: SecretString,
        /// How, as it is stored with the key check.
        parameters: PassphraseParameters,
    },
}

impl KeySource {
    /// The key. With a passphrase this takes a good part of a second and 64 MiB of memory, or what its parameters say.
    ///
    /// # Errors
    ///
    /// When the source cannot be read, is not safe to use, or holds no key. Whether the key is the store's,
    /// [`KeyCheck`](crate::KeyCheck) says.
    pub fn load(&self) -> Result<SealingKey, KeySourceError> {
        match self {
            Self::File(file) => file.load(),
            Self::Systemd(credential) => credential.load(),
            Self::Passphrase { passphrase, parameters } => parameters.derive(passphrase),
        }
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "the key file {}", file.path().display()),
            Self::Systemd(credential) => write!(f, "the service's credential `{}`", credential.name()),
            Self::Passphrase { .. } => f.write_str("the passphrase"),
        }
    }
}

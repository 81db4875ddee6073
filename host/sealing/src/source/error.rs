//! Why there is no key encryption key.

use std::path::PathBuf;

use crate::SealingError;

/// Why there is no key encryption key. No message quotes a key or a passphrase.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeySourceError {
    /// There is no such file.
    #[error("there is no key file at {}: give its path, or make one with `keywright init`", path.display())]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// There is a file already where one is to be made.
    #[error(
        "{} exists already, and a key file is never overwritten (what it sealed would be lost): choose another path",
        path.display()
    )]
    Exists {
        /// Where it is.
        path: PathBuf,
    },
    /// Others could read or replace the file or its directory.
    #[error("{} is not used as a key file: {problem}", path.display())]
    Access {
        /// The file or the directory.
        path: PathBuf,
        /// What is wrong with it.
        problem: AccessProblem,
    },
    /// The file holds something else.
    #[error(
        "{} does not hold a key of Keywright, which is one line that starts with `keywright-key-1:`: give the file that \
         `keywright init` made",
        path.display()
    )]
    NotAKey {
        /// Where it is.
        path: PathBuf,
    },
    /// The file held a key once.
    #[error("the key in {} is cut short or altered: restore the file from its backup", path.display())]
    Damaged {
        /// Where it is.
        path: PathBuf,
    },
    /// The file holds a key for a later version.
    #[error("the key in {} is of a later format than this version of Keywright can read: install a newer one", path.display())]
    NewerFormat {
        /// Where it is.
        path: PathBuf,
    },
    /// The file system refuses.
    #[error("{} cannot be {action} ({reason}): see to it that it can, and try again", path.display())]
    Io {
        /// The file or the directory.
        path: PathBuf,
        /// What was tried, such as `read`.
        action: &'static str,
        /// What the operating system says.
        reason: String,
    },
    /// The program does not run as a service with credentials.
    #[error(
        "the key is to come from the service manager, but CREDENTIALS_DIRECTORY is not set: start Keywright as a systemd \
         service with LoadCredential= or LoadCredentialEncrypted=, or use a key file"
    )]
    NoCredentialsDirectory,
    /// The directory of credentials is not absolute.
    #[error("CREDENTIALS_DIRECTORY is {}, which is not an absolute path: leave it as systemd sets it", path.display())]
    CredentialsDirectory {
        /// What the variable says.
        path: PathBuf,
    },
    /// The name of a credential cannot be one.
    #[error("`{name}` cannot be the name of a service's credential: use letters, digits, `.`, `-` and `_`")]
    CredentialName {
        /// The name.
        name: String,
    },
    /// The service has no such credential.
    #[error(
        "the service has no credential `{name}`: add LoadCredential={name}:PATH or LoadCredentialEncrypted={name}:PATH to \
         its unit"
    )]
    MissingCredential {
        /// The name.
        name: String,
    },
    /// A passphrase is too short to be derived from.
    #[error("the passphrase has fewer than {minimum} characters: use a longer one, such as six random words")]
    ShortPassphrase {
        /// The fewest characters.
        minimum: usize,
    },
    /// The stored parameters would make a passphrase easy to guess, or take more memory or time than there is.
    #[error(
        "the stored passphrase parameters have {name} = {found}, and {minimum} to {maximum} are accepted: restore the store \
         from a backup"
    )]
    Parameter {
        /// The parameter's name in RFC 9106: `m` (in KiB), `t` or `p`.
        name: &'static str,
        /// Its value.
        found: u32,
        /// The smallest that is accepted.
        minimum: u32,
        /// The largest that is accepted.
        maximum: u32,
    },
    /// The memory for the passphrase's derivation is not there.
    #[error("there is not enough memory to derive the key from the passphrase: {kibibytes} KiB are needed")]
    Memory {
        /// How much, in KiB.
        kibibytes: u32,
    },
    /// The stored parameters cannot be read, or there are no random bytes.
    #[error(transparent)]
    Sealing(#[from] SealingError),
}

/// Why a file or directory is not used. The words follow a path and a colon.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessProblem {
    /// Its permissions let others in.
    #[error(
        "others may use it (its mode is {mode:04o}); run `chmod {wanted:o}` on it, and replace the key if somebody might have read it"
    )]
    FileMode {
        /// The permission bits.
        mode: u32,
        /// The bits that it should have.
        wanted: u32,
    },
    /// The directory's permissions let others in.
    #[error(
        "its directory is open to others (its mode is {mode:04o}); run `chmod 700` on it, or use a directory of its own"
    )]
    DirectoryMode {
        /// The permission bits.
        mode: u32,
    },
    /// It belongs to somebody else.
    #[error(
        "it belongs to user {owner}, and this program runs as user {user}; run it as its owner, or make a key file of your own"
    )]
    Owner {
        /// The owner's number.
        owner: u32,
        /// The number of the user that this program runs as.
        user: u32,
    },
    /// It is a symbolic link.
    #[error("it is a symbolic link, which could be pointed elsewhere; give the path of the file itself")]
    Symlink,
    /// It is not a regular file.
    #[error("it is not a regular file; give the path of one")]
    NotAFile,
    /// It is not a directory.
    #[error("it is not a directory; choose another path")]
    NotADirectory,
}

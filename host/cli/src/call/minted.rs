//! Where a new secret goes. The vendor shows it once and `call` keeps nothing, so this is settled before the request.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use keywright_auth::Parts;
use keywright_runtime::{CallError, Credential, ExpirySupport, Operation};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};

use super::{Call, show};
use crate::error::Error;
use crate::output::Output;

/// Where a new secret goes.
pub(super) struct Destination {
    reveal: bool,
    file: Option<SecretFile>,
}

impl Call<'_> {
    /// Whether this call makes a secret.
    pub(super) fn mints(&self) -> bool {
        let changes_expiry = self.arguments.expires_at.is_some() || self.arguments.expires_in.is_some();
        match (self.operation, &self.descriptor.expiry) {
            (Operation::Create | Operation::Regenerate, _) => true,
            (Operation::Update, ExpirySupport::MutableRegenerates) => changes_expiry,
            // Where it is not known whether a vendor makes a secret beside such a change, there is a place for one.
            (Operation::Update, _) => {
                let may_mint = self.descriptor.rules.rules.iter().any(|rule| {
                    !rule.mints.is_empty() && rule.operations.iter().any(|name| name == Operation::Update.name())
                });
                may_mint && changes_expiry
            }
            _ => false,
        }
    }
}

impl Destination {
    /// Of what this call makes; the file is made now, so that one that cannot be written fails before the request.
    pub(super) fn of(call: &Call<'_>) -> Result<Self, Error> {
        let arguments = call.arguments;
        if call.mints() && !arguments.reveal && arguments.secret_file.is_none() {
            let operation = call.operation;
            return Err(Error::usage(format!(
                "`{operation}` makes a secret that the vendor shows once, and `call` keeps none: give --secret-file PATH \
                 to write it to a file, or --reveal to print it"
            )));
        }
        let file = arguments.secret_file.as_deref().filter(|_| call.mints()).map(SecretFile::create).transpose()?;
        Ok(Self { reveal: arguments.reveal, file })
    }

    /// Hands over a credential and, if one was made, its secret.
    pub(super) fn deliver(
        self,
        output: Output,
        credential: &Credential,
        parts: Option<&Parts>,
        warnings: &[String],
    ) -> Result<(), Error> {
        for warning in warnings {
            output.warn(warning);
        }
        let lost = |error: Error| {
            let id = &credential.id;
            Error::new(
                "secret-lost",
                format!("`{id}` has a new secret that did not reach you ({}): revoke it", error.message()),
            )
        };
        let written = match (self.file, parts) {
            (Some(file), Some(parts)) => Some(file.write(parts).map_err(lost)?),
            _ => None,
        };
        let revealed = parts.filter(|_| self.reveal);
        let shown = show::changed(output, credential, revealed, written.as_deref(), warnings);
        if parts.is_some() && revealed.is_none() && written.is_none() {
            return Err(lost(Error::usage("it came unasked, and there was no --secret-file and no --reveal")));
        }
        // Whoever was to read the secret has not; told even if nobody seems to listen.
        if revealed.is_some() && written.is_none() { shown.map_err(lost) } else { shown }
    }

    /// Hands over the secret of a credential of which nothing else is known, because the call that made it ended badly.
    pub(super) fn rescue(self, output: Output, error: CallError) -> Error {
        let minted = error.minted().cloned();
        let error = Error::from(error);
        let Some(parts) = minted else { return error };
        let kept = match self.file {
            Some(file) => file.write(&parts).map(|path| format!("its secret was written to {}", path.display())),
            None if self.reveal => {
                let line = json!({ "parts": exposed(&parts) });
                output.text(&format!("{line}\n")).map(|()| "its secret was printed".to_owned())
            }
            None => Err(Error::usage("there was no --secret-file and no --reveal")),
        };
        match kept {
            Ok(kept) => error.advise(&kept),
            Err(lost) => error.advise(&format!("its secret did not reach you ({})", lost.message())),
        }
    }
}

/// A new file that only its owner can read; taken away again unless it is written.
struct SecretFile {
    path: PathBuf,
    file: Option<File>,
}

impl SecretFile {
    fn create(path: &Path) -> Result<Self, Error> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| {
            let path = path.display();
            if error.kind() == std::io::ErrorKind::AlreadyExists {
                Error::usage(format!("the secret file {path} exists already: name a new one"))
            } else {
                Error::usage(format!("the secret file {path} cannot be made ({error}): name another"))
            }
        })?;
        Ok(Self { path: path.to_owned(), file: Some(file) })
    }

    fn write(mut self, parts: &Parts) -> Result<PathBuf, Error> {
        let unwritten = |path: &Path, cause: String| {
            Error::new("output", format!("the secret file {} cannot be written: {cause}", path.display()))
        };
        let Some(file) = self.file.as_mut() else { return Err(unwritten(&self.path, "it is closed".to_owned())) };
        // Built in a type that wipes it.
        let json = SecretString::from(format!("{}\n", exposed(parts)));
        file.write_all(json.expose_secret().as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|error| unwritten(&self.path, error.to_string()))?;
        self.file = None;
        Ok(std::mem::take(&mut self.path))
    }
}

impl Drop for SecretFile {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // It holds nothing; that it stays would only be untidy.
            let _still_there = fs::remove_file(&self.path);
        }
    }
}

/// The parts as JSON, in the open.
pub(super) fn exposed(parts: &Parts) -> Value {
    let parts: Map<String, Value> =
        parts.iter().map(|(name, value)| (name.to_owned(), json!(value.expose_secret()))).collect();
    Value::Object(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_file_is_new_and_private() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        let parts = Parts::from_iter([("secret_key", "hush".to_owned())]);
        SecretFile::create(&path).unwrap().write(&parts).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"secret_key\":\"hush\"}\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(SecretFile::create(&path).err().unwrap().message().contains("exists already"));
        assert!(path.exists(), "another's file stays");
    }

    #[test]
    fn a_secret_file_that_is_not_written_is_taken_away() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        drop(SecretFile::create(&path).unwrap());
        assert!(!path.exists());
    }

    #[test]
    fn the_secret_of_a_call_that_ended_badly_reaches_its_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        let broken = || CallError::InDoubt {
            cause: Box::new(CallError::Contract { operation: "create", how: "a credential has no id".to_owned() }),
            minted: Parts::from_iter([("secret_key", "hush".to_owned())]),
        };
        let output = Output::new(crate::output::Format::Table);
        let destination = Destination { reveal: false, file: Some(SecretFile::create(&path).unwrap()) };
        let error = destination.rescue(output, broken());
        assert_eq!(error.kind(), "in-doubt");
        assert!(error.message().ends_with(&format!("its secret was written to {}", path.display())));
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"secret_key\":\"hush\"}\n");
        let error = Destination { reveal: false, file: None }.rescue(output, broken());
        assert!(error.message().contains("did not reach you"), "{}", error.message());
        assert!(!error.message().contains("hush"));
    }

    #[test]
    fn a_place_that_cannot_be_written_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let error = SecretFile::create(&directory.path().join("none/key.json")).err().unwrap();
        assert!(error.message().contains("cannot be made"), "{}", error.message());
    }
}

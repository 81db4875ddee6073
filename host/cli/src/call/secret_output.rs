//! Where a new secret goes. The vendor shows it once and `call` keeps nothing, so this is decided before the request.

use keywright_auth::Parts;
use keywright_runtime::{CallError, Credential, ExpirySupport, Operation, Warning};
use serde_json::json;

use super::secret_document::SecretDocument;
use super::secret_file::SecretFile;
use super::{Call, show};
use crate::error::Error;
use crate::output::Output;

/// Where a new secret goes.
pub(super) struct SecretOutput {
    reveal: bool,
    file: Option<SecretFile>,
}

impl Call<'_> {
    /// Whether this call makes a secret.
    pub(super) fn mints(&self) -> bool {
        let changes_expiry = self.arguments.changes_expiry();
        match (self.operation, &self.descriptor.traits.expiry.support) {
            (Operation::Create | Operation::Regenerate, _) => true,
            (Operation::Update, ExpirySupport::MutableRegenerates) => changes_expiry,
            // Where an update may mint, a change of the expiry is taken to.
            (Operation::Update, _) => {
                let may_mint = self
                    .descriptor
                    .rules
                    .rules
                    .iter()
                    .any(|rule| rule.mints && rule.operations.iter().any(|name| name == Operation::Update.name()));
                may_mint && changes_expiry
            }
            _ => false,
        }
    }
}

impl SecretOutput {
    /// That there is a place for what this call makes, before anything is asked or read for it.
    pub(super) fn check(call: &Call<'_>) -> Result<(), Error> {
        Self::of(call).map(drop)
    }

    /// For what this call makes. The file is created now, so that one that cannot be fails before the request.
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
        warnings: &[Warning],
    ) -> Result<(), Error> {
        let warnings = show::with_unreadable_dates(credential, warnings);
        show::warn(output, &warnings);
        let lost = |error: Error| {
            let id = &credential.id;
            Error::new(
                "secret-lost",
                format!("`{id}` has a new secret that could not be handed over ({}): revoke it", error.message()),
            )
        };
        let written = match (self.file, parts) {
            (Some(file), Some(parts)) => match file.write(output, &SecretDocument::of(parts)) {
                Ok(path) => Some(path),
                // It is shown all the same.
                Err(error) if self.reveal => {
                    output.warn(error.message());
                    None
                }
                Err(error) => return Err(lost(error)),
            },
            _ => None,
        };
        let revealed = parts.filter(|_| self.reveal);
        let shown = show::changed(output, credential, revealed, written.as_deref(), &warnings);
        if parts.is_some() && revealed.is_none() && written.is_none() {
            return Err(lost(Error::usage("it was not expected, and there was no --secret-file and no --reveal")));
        }
        // The reader of the secret has not got it: an error even if the output is closed.
        if revealed.is_some() && written.is_none() { shown.map_err(lost) } else { shown }
    }

    /// Hands over what a call that failed leaves behind: a secret of a credential of which nothing else is known, an answer
    /// that may hold one, parts that were made for a creation that goes on.
    pub(super) fn hand_over(self, output: Output, error: CallError) -> Error {
        let left = SecretDocument::left_by(&error);
        let error = Error::from(error);
        let Some(left) = left else { return error };
        let words = left.words();
        let kept = match self.file {
            Some(file) => file.write(output, &left).map(|path| (format!("written to {}", path.display()), Some(path))),
            None if self.reveal => {
                let line = json!({ "parts": left.exposed() });
                output.text(&format!("{line}\n")).map(|()| ("printed".to_owned(), None))
            }
            None => Err(Error::usage("there was no --secret-file and no --reveal")),
        };
        let verb = if words.starts_with("the parts") || words.contains(" and ") { "were" } else { "was" };
        match kept {
            Ok((how, path)) => {
                let error = error.advise(&format!("{words} {verb} {how}"));
                match path {
                    Some(path) => error.with("secret_file", path.display().to_string()),
                    None => error,
                }
            }
            Err(lost) => error.advise(&format!("{words} could not be handed over ({})", lost.message())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use keywright_runtime::{Failure, PendingCreation, Reason};
    use secrecy::SecretString;

    use super::*;
    use crate::output::Format;

    /// What is said and written when a call fails so.
    fn handed_over(error: CallError) -> (Error, String) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        let secret_output = SecretOutput { reveal: false, file: Some(SecretFile::create(&path).unwrap()) };
        let error = secret_output.hand_over(Output::new(Format::Table), error);
        assert_eq!(error.to_json()["error"]["secret_file"], path.display().to_string());
        assert!(error.message().ends_with(&format!("written to {}", path.display())), "{}", error.message());
        (error, fs::read_to_string(&path).unwrap())
    }

    fn in_doubt(minted: Option<&str>, withheld: Option<&str>) -> CallError {
        let cause = CallError::Contract { operation: "create", how: "a credential has no id".to_owned() };
        let minted = minted.map(|secret| ("secret_key", secret.to_owned()));
        let withheld = withheld.map(SecretString::from);
        CallError::InDoubt { cause: Box::new(cause), minted: minted.into_iter().collect(), withheld }
    }

    #[test]
    fn the_secret_of_a_call_that_ended_badly_reaches_its_file() {
        let (error, written) = handed_over(in_doubt(Some("hush"), None));
        assert_eq!((error.kind(), written.as_str()), ("in-doubt", "{\"secret_key\":\"hush\"}\n"));
        assert!(error.message().contains("its secret was written to"), "{}", error.message());

        let output = Output::new(Format::Table);
        let error = SecretOutput { reveal: false, file: None }.hand_over(output, in_doubt(Some("hush"), None));
        assert!(error.message().contains("its secret could not be handed over"), "{}", error.message());
        assert!(!error.message().contains("hush"));
    }

    #[test]
    fn an_answer_that_could_not_be_read_reaches_the_file_too_and_is_named() {
        let (error, written) = handed_over(in_doubt(None, Some("{\"key\":\"hush")));
        assert_eq!(written, "{\"answer\":\"{\\\"key\\\":\\\"hush\"}\n");
        assert!(error.message().contains("the unreadable answer (as `answer`)"), "{}", error.message());
        assert!(!error.message().contains("hush"));
        let (error, written) = handed_over(in_doubt(Some("hush"), Some("odd")));
        assert_eq!(written, "{\"answer\":\"odd\",\"secret_key\":\"hush\"}\n");
        assert!(error.message().contains("its secret and the vendor's answer (as `answer`) were written"));
    }

    #[test]
    fn the_parts_of_a_creation_that_goes_on_are_written_with_its_cursor() {
        let parts = Parts::from_iter([("private_key", "hush".to_owned())]);
        let pending = PendingCreation { cursor: "job-7".to_owned(), parts };
        let (error, written) = handed_over(Failure::new(Reason::Pending(pending), "it goes on").into());
        assert_eq!((error.kind(), written.as_str()), ("pending", "{\"cursor\":\"job-7\",\"private_key\":\"hush\"}\n"));
        assert!(error.message().contains("the parts that were made for it were written"), "{}", error.message());
    }
}

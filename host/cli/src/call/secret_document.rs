//! The JSON of a secret file: the parts of a credential, and what a call that failed leaves behind.

use std::collections::BTreeMap;
use std::path::Path;

use keywright_auth::Parts;
use keywright_runtime::{CallError, Descriptor, Reason};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::text::read_document;

/// The member that has the vendor's answer of a call that ended badly.
const ANSWER: &str = "answer";

/// The member that has the cursor of a creation that is not finished.
const CURSOR: &str = "cursor";

/// What is written to a secret file: `{"PART": "VALUE"}`, with two members of other names where there is more.
#[derive(Debug, Default)]
pub(super) struct SecretDocument {
    /// The parts of the credential.
    pub(super) parts: Parts,
    /// The vendor's answer of a call that ended badly, which has or may have them: the member `answer`.
    pub(super) answer: Option<SecretString>,
    /// What finds a creation again that is not finished: the member `cursor`.
    pub(super) cursor: Option<String>,
}

impl SecretDocument {
    /// The parts of a credential.
    pub(super) fn of(parts: &Parts) -> Self {
        Self { parts: parts.clone(), ..Self::default() }
    }

    /// What a failed call leaves behind that must not be lost; none when it leaves nothing.
    pub(super) fn left_by(error: &CallError) -> Option<Self> {
        let document = match error {
            CallError::InDoubt { minted, withheld, .. } => {
                Self { parts: minted.clone(), answer: withheld.clone(), cursor: None }
            }
            CallError::Failed(failure) => match &failure.reason {
                // Without parts there is nothing to keep: the cursor is in the message.
                Reason::Pending(pending) if !pending.parts.is_empty() => {
                    Self { parts: pending.parts.clone(), answer: None, cursor: Some(pending.cursor.clone()) }
                }
                _ => return None,
            },
            _ => return None,
        };
        (!document.parts.is_empty() || document.answer.is_some()).then_some(document)
    }

    /// What it holds, in words.
    pub(super) fn words(&self) -> &'static str {
        match (self.parts.is_empty(), &self.answer, &self.cursor) {
            (false, _, Some(_)) => "the parts that were made for it",
            (false, None, None) => "its secret",
            (false, Some(_), None) => "its secret and the vendor's answer (as `answer`)",
            (true, ..) => "the unreadable answer (as `answer`), which may hold the secret,",
        }
    }

    /// All of it as JSON, in plain text.
    pub(super) fn exposed(&self) -> Value {
        let mut members: Map<String, Value> = exposed(&self.parts);
        let mut add = |name: &str, value: &str| {
            let mut name = name.to_owned();
            // A part of this name keeps it.
            while members.contains_key(&name) {
                name.push('_');
            }
            members.insert(name, json!(value));
        };
        if let Some(answer) = &self.answer {
            add(ANSWER, answer.expose_secret());
        }
        if let Some(cursor) = &self.cursor {
            add(CURSOR, cursor);
        }
        Value::Object(members)
    }

    /// Reads a file that has the parts of an issued credential of this vendor.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is not a JSON object of strings, or has a member of another name. No error quotes a value.
    pub(super) fn read(path: &Path, descriptor: &Descriptor) -> Result<Self, Error> {
        let shown = path.display();
        let text = read_document(path)
            .map(SecretString::from)
            .map_err(|problem| Error::usage(format!("the credential file {shown} {problem}")))?;
        // The parser's error on a wrong value would quote it.
        let members: BTreeMap<String, String> = serde_json::from_str(text.expose_secret()).map_err(|_| {
            let form = "write {\"PART\": \"VALUE\"}, as --secret-file does";
            Error::usage(format!("the credential file {shown} is not a JSON object of strings: {form}"))
        })?;
        let mut document = Self::default();
        for (name, value) in members {
            match name.as_str() {
                _ if descriptor.issued.get(&name).is_some() => {
                    document.parts.insert(name, value);
                }
                ANSWER => document.answer = Some(value.into()),
                CURSOR => document.cursor = Some(value),
                _ => {
                    let error = super::own_credential::unknown_part(descriptor, &name);
                    return Err(error.within(&format!("the credential file {shown}")));
                }
            }
        }
        Ok(document)
    }
}

/// The parts as JSON, in plain text.
pub(super) fn exposed(parts: &Parts) -> Map<String, Value> {
    parts.iter().map(|(name, value)| (name.to_owned(), json!(value.expose_secret()))).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use keywright_runtime::{Failure, PendingCreation};

    use super::*;
    use crate::fixture::descriptor;

    fn parts() -> Parts {
        Parts::from_iter([("token", "hush".to_owned())])
    }

    fn in_doubt(minted: Parts, withheld: Option<&str>) -> CallError {
        let cause = CallError::Contract { operation: "create", how: "a credential has no id".to_owned() };
        CallError::InDoubt { cause: Box::new(cause), minted, withheld: withheld.map(SecretString::from) }
    }

    #[test]
    fn what_a_failed_call_leaves_behind_is_kept() {
        let left = SecretDocument::left_by(&in_doubt(parts(), Some("{\"odd"))).unwrap();
        assert_eq!(left.exposed(), json!({"token": "hush", "answer": "{\"odd"}));
        let left = SecretDocument::left_by(&in_doubt(Parts::new(), Some("<html>"))).unwrap();
        assert_eq!(left.exposed(), json!({"answer": "<html>"}));
        assert!(SecretDocument::left_by(&in_doubt(Parts::new(), None)).is_none());

        let pending = |parts| {
            let pending = PendingCreation { cursor: "job-7".to_owned(), parts };
            CallError::from(Failure::new(Reason::Pending(pending), "it goes on"))
        };
        let left = SecretDocument::left_by(&pending(parts())).unwrap();
        assert_eq!(left.exposed(), json!({"token": "hush", "cursor": "job-7"}));
        assert!(SecretDocument::left_by(&pending(Parts::new())).is_none());
    }

    #[test]
    fn a_part_keeps_its_name() {
        let parts = Parts::from_iter([("answer", "hush".to_owned())]);
        let document = SecretDocument { parts, answer: Some("<html>".into()), cursor: None };
        assert_eq!(document.exposed(), json!({"answer": "hush", "answer_": "<html>"}));
    }

    #[test]
    fn a_file_is_read_back_and_no_error_quotes_a_value() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        let read = |text: &str| {
            fs::write(&path, text).unwrap();
            SecretDocument::read(&path, &descriptor()).map_err(|error| error.message().to_owned())
        };
        let document = SecretDocument { parts: parts(), answer: None, cursor: Some("job-7".to_owned()) };
        let again = read(&document.exposed().to_string()).unwrap();
        assert_eq!((again.exposed(), again.cursor.as_deref()), (document.exposed(), Some("job-7")));
        for (text, says) in [
            (r#"{"tokn":"hush"}"#, "did you mean `token`?"),
            (r#"{"token":["hush"]}"#, "is not a JSON object of strings"),
            ("hush", "is not a JSON object of strings"),
        ] {
            let message = read(text).unwrap_err();
            assert!(message.contains(says) && !message.contains("hush"), "{message}");
        }
    }
}

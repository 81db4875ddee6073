//! The issued credential that a call is about: the parts that `verify` asks with, and those that were made for a creation
//! that goes on.

use keywright_runtime::{Descriptor, PendingCreation};
use secrecy::ExposeSecret as _;

use super::Call;
use super::secret_document::SecretDocument;
use crate::account::SourcedParts;
use crate::error::Error;
use crate::source;
use crate::suggest::{instead, quoted};
use crate::values::Pair;

/// The parts of the credential that `verify` asks with.
pub(super) fn read(call: &Call<'_>) -> Result<SourcedParts, Error> {
    let descriptor = call.descriptor;
    let mut parts = SourcedParts::default();
    if let Some(path) = &call.arguments.credential_file {
        let document = SecretDocument::read(path, descriptor)?;
        for (name, value) in document.parts.iter() {
            parts.insert(name, value.clone(), format!("the file {}", path.display()));
        }
        if document.parts.is_empty() && document.answer.is_some() {
            return Err(Error::usage(format!(
                "the credential file {} has an answer of the vendor that could not be read, and no parts: copy the parts \
                 out of the answer if it has them",
                path.display()
            )));
        }
    }
    for Pair { name, value: variable } in &call.arguments.credential_env {
        if descriptor.issued.get(name).is_none() {
            return Err(unknown_part(descriptor, name));
        }
        let value = (call.environment)(variable).ok_or_else(|| {
            Error::usage(format!("the part `{name}` cannot be read: {} is not set: set it", quoted(variable)))
        })?;
        let value = value.into_string().map_err(|_| Error::usage(format!("{} is not text", quoted(variable))))?;
        let value =
            if value.is_empty() { value } else { source::of_variable(variable, value).map_err(Error::usage)? };
        parts.insert(name, value, variable.as_str());
    }
    for part in descriptor.issued.iter().filter(|part| part.identifies && !part.secret) {
        if parts.parts().get(&part.name).is_none() {
            let id = call.id();
            parts.insert(&part.name, id.rsplit('/').next().unwrap_or(id), "the ID");
        }
    }
    for part in &descriptor.issued {
        let name = &part.name;
        let problem = match parts.parts().get(name).map(|value| value.expose_secret().is_empty()) {
            Some(true) => "is empty",
            None if part.required => "is missing",
            Some(false) | None => continue,
        };
        return Err(Error::usage(format!(
            "the part `{name}` of the credential to be verified {problem}: give it with --credential-env {name}=VAR or in \
             --credential-file"
        )));
    }
    Ok(parts)
}

/// The creation that goes on, with the parts that the host had made for it.
pub(super) fn pending(call: &Call<'_>) -> Result<Option<PendingCreation>, Error> {
    let Some(cursor) = &call.arguments.continuation else { return Ok(None) };
    let mut pending = PendingCreation { cursor: cursor.clone(), parts: keywright_auth::Parts::new() };
    let made = || call.descriptor.issued.iter().filter(|part| part.origin.is_sent());
    if let Some(path) = &call.arguments.credential_file {
        let document = SecretDocument::read(path, call.descriptor)?;
        if document.cursor.as_ref().is_some_and(|known| known != cursor) {
            return Err(Error::usage(format!(
                "the credential file {} is of another creation: its `cursor` is not the one of --continue",
                path.display()
            )));
        }
        pending.parts = document.parts;
    }
    match made().find(|part| part.required && pending.parts.get(&part.name).is_none()) {
        None => Ok(Some(pending)),
        Some(part) => Err(Error::usage(format!(
            "the part `{}` was made for the creation that --continue goes on with: give the file that --secret-file wrote \
             then, with --credential-file",
            part.name
        ))),
    }
}

/// The error for a part that no issued credential of the vendor has.
pub(super) fn unknown_part(descriptor: &Descriptor, name: &str) -> Error {
    let instead = instead(name, descriptor.issued.iter().map(|part| part.name.as_str()));
    Error::usage(format!("a credential of {} has no part {}: {instead}", descriptor.vendor, quoted(name)))
}

//! The administrator's credential, and where each part of one came from.

use std::collections::BTreeMap;

use keywright_auth::Parts;
use keywright_runtime::{CredentialError, Descriptor};
use secrecy::SecretString;

use super::{Chosen, Environment, first_set};
use crate::error::Error;
use crate::source::Source;
use crate::suggest::{instead, quoted};
use crate::text::series;

/// The parts of a credential, each with the words that name its source.
#[derive(Debug, Default)]
pub(crate) struct SourcedParts {
    parts: Parts,
    sources: BTreeMap<String, String>,
}

impl SourcedParts {
    /// Adds a part.
    pub(crate) fn insert(&mut self, name: &str, value: impl Into<SecretString>, source: impl Into<String>) {
        self.parts.insert(name, value);
        self.sources.insert(name.to_owned(), source.into());
    }

    /// The parts.
    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// What the runtime finds wrong with a part, with the source of it. Neither has the value.
    pub(crate) fn explain(&self, error: &CredentialError, kind: &'static str) -> Error {
        let message = match self.sources.get(error.part()) {
            Some(source) => format!("{error} (it comes from {source})"),
            None => error.to_string(),
        };
        Error::new(kind, message)
    }
}

/// The administrator's credential: of the configuration if that has any part of it, or else of the environment.
pub(super) fn administrator(
    descriptor: &Descriptor,
    chosen: Option<&Chosen<'_>>,
    environment: Environment<'_>,
) -> Result<SourcedParts, Error> {
    let mut credential = SourcedParts::default();
    if let Some(Chosen { config, account }) = chosen {
        for (name, located) in &account.credential {
            let (at, source) = (config.at(located), &located.value);
            let Some(part) = descriptor.administrator.get(name) else {
                let instead = instead(name, descriptor.administrator.iter().map(|part| part.name.as_str()));
                let vendor = &descriptor.vendor;
                return Err(Error::config(format!(
                    "{at}: the administrator's credential of {vendor} has no part {}: {instead}",
                    quoted(name)
                )));
            };
            if part.secret && matches!(source, Source::Plain(_)) {
                return Err(Error::config(written_in_plain(&at, "part", name)));
            }
            let value = source
                .read(environment)
                .map_err(|problem| Error::config(format!("{at}: the part `{name}` cannot be read: {problem}")))?;
            credential.insert(name, value, format!("{source}, as {at} says"));
        }
    }
    // A credential comes from one place: parts of two would make one that does not exist.
    if credential.parts.is_empty() {
        for part in &descriptor.administrator {
            if let Some((variable, value)) = first_set(&part.environment, environment)? {
                credential.insert(&part.name, value, variable);
            }
        }
    }
    let mut missing = descriptor.administrator.iter().filter(|part| credential.parts.get(&part.name).is_none());
    match missing.find(|part| part.required) {
        None => Ok(credential),
        Some(part) => {
            let advice = where_to_give(&part.environment);
            Err(Error::config(format!("the administrator's credential has no part `{}`: {advice}", part.name)))
        }
    }
}

/// The places where a part of the administrator's credential may be given.
pub(super) fn where_to_give(environment: &[String]) -> String {
    match environment {
        [] => "give it in an account of keywright.toml".to_owned(),
        variables => format!("set {}, or give it in an account of keywright.toml", series(variables, "or")),
    }
}

/// The sentence on a secret that stands in the configuration itself.
pub(super) fn written_in_plain(at: &str, what: &str, name: &str) -> String {
    format!(
        "{at}: the secret {what} `{name}` is written in plain text: give {{ env = \"VARIABLE\" }}, {{ file = \"PATH\" }} or \
         {{ command = [\"PROGRAM\"] }}, and replace the secret, as it may be known to others"
    )
}

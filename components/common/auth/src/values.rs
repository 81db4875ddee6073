//! What the templates of a scheme refer to, and who is to blame for a value that cannot be used.

use keywright_settings::{ExpandError, Reference, Template};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::{AuthError, Origin, Parts};

/// What the templates of a scheme refer to: an account's settings and a credential's parts.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// The account's settings.
    pub settings: &'a Map<String, Value>,
    /// The credential's parts.
    pub parts: &'a Parts,
}

impl Values<'_> {
    /// Expands `template`; any expansion may hold a secret, so all are treated as one. Not inlined: components, which expand
    /// several for each request, carry this code once.
    #[inline(never)]
    pub(crate) fn expand(&self, template: &Template) -> Result<SecretString, AuthError> {
        for reference in template.references() {
            if let Reference::Part(name) = reference
                && self.part(name).is_some_and(str::is_empty)
            {
                return Err(AuthError::EmptyPart { part: name.to_owned() });
            }
        }
        match template.expand(self.settings, &|name| self.part(name)) {
            Ok(text) => Ok(SecretString::from(text)),
            Err(ExpandError::MissingPart { name }) => Err(AuthError::MissingPart { part: name }),
            Err(error) => Err(AuthError::Setting(error)),
        }
    }

    /// Which part or setting brought an unusable text into `template`.
    pub(crate) fn blame(&self, template: &Template, unusable: impl Fn(&str) -> bool) -> Origin {
        template
            .references()
            .find_map(|reference| match reference {
                Reference::Part(name) => self.part(name).is_some_and(&unusable).then(|| Origin::Part(name.to_owned())),
                Reference::Setting(name) => self
                    .settings
                    .get(name)
                    .and_then(Value::as_str)
                    .is_some_and(&unusable)
                    .then(|| Origin::Setting(name.to_owned())),
            })
            .unwrap_or(Origin::Template)
    }

    fn part(&self, name: &str) -> Option<&str> {
        self.parts.get(name).map(ExposeSecret::expose_secret)
    }
}

//! What the templates of a scheme refer to, and where a value that cannot be used comes from.

use chrono::{DateTime, SecondsFormat, Utc};
use keywright_settings::{ExpandError, JsonTemplate, Reference, Template};
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use serde_json::{Map, Value};

use crate::encoding::hex;
use crate::{AuthError, Parts, ValueSource};

/// What the templates of a scheme refer to: an account's settings, a credential's parts and the moment.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// The account's settings.
    pub settings: &'a Map<String, Value>,
    /// The credential's parts.
    pub parts: &'a Parts,
    /// The time of the request.
    pub now: DateTime<Utc>,
    /// Bytes of a cryptographically secure generator, new for each request: the `jti` of a JWT and the `{nonce}` of a
    /// signature, where they are written in hexadecimal.
    pub nonce: [u8; 16],
}

/// The variables of [`Values::of_the_moment`].
pub(crate) const TIME_UNIX: &str = "time.unix";
pub(crate) const TIME_UNIX_MILLIS: &str = "time.unix-millis";
pub(crate) const TIME_RFC3339: &str = "time.rfc3339";
pub(crate) const NONCE: &str = "nonce";

impl<'a> Values<'a> {
    /// Expands a template that has no variables. Any expansion may hold a secret, so all are treated as one.
    pub(crate) fn expand(&self, template: &Template) -> Result<Zeroizing<String>, AuthError> {
        self.expand_with(template, &|_| None)
    }

    /// Expands `template`. Not inlined: components, which expand several for each request, carry this code once.
    #[inline(never)]
    pub(crate) fn expand_with<'v>(
        &'v self,
        template: &Template,
        variables: &dyn Fn(&'static str) -> Option<&'v str>,
    ) -> Result<Zeroizing<String>, AuthError> {
        for reference in template.references() {
            if let Reference::Part(name) = reference
                && self.part(name).is_some_and(str::is_empty)
            {
                return Err(AuthError::EmptyPart { part: name.to_owned() });
            }
        }
        match template.expand_with(self.settings, &|name| self.part(name), variables) {
            Ok(text) => Ok(Zeroizing::new(text)),
            Err(ExpandError::MissingPart { name }) => Err(AuthError::MissingPart { part: name }),
            Err(error) => Err(AuthError::Setting(error)),
        }
    }

    /// Expands JSON that has no variables.
    pub(crate) fn expand_json(&self, json: &JsonTemplate) -> Result<Zeroizing<String>, AuthError> {
        json.expand(&|template| self.expand(template)).map(Zeroizing::new)
    }

    /// The value of a variable that depends on the moment alone.
    pub(crate) fn of_the_moment(&self, variable: &str) -> Option<String> {
        match variable {
            TIME_UNIX => Some(self.now.timestamp().to_string()),
            TIME_UNIX_MILLIS => Some(self.now.timestamp_millis().to_string()),
            TIME_RFC3339 => Some(self.now.to_rfc3339_opts(SecondsFormat::Secs, true)),
            NONCE => Some(hex(&self.nonce)),
            _ => None,
        }
    }

    /// Which part or setting brought an unusable text into `template`.
    pub(crate) fn source_of(&self, template: &Template, unusable: impl Fn(&str) -> bool) -> ValueSource {
        template
            .references()
            .find_map(|reference| match reference {
                Reference::Part(name) => {
                    self.part(name).is_some_and(&unusable).then(|| ValueSource::Part(name.to_owned()))
                }
                Reference::Setting(name) => self
                    .settings
                    .get(name)
                    .and_then(Value::as_str)
                    .is_some_and(&unusable)
                    .then(|| ValueSource::Setting(name.to_owned())),
                Reference::Variable(_) => None,
            })
            .unwrap_or(ValueSource::Template)
    }

    fn part(&self, name: &str) -> Option<&'a str> {
        self.parts.get(name).map(ExposeSecret::expose_secret)
    }
}

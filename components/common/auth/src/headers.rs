//! Authentication by headers, such as `X-Auth-Token: …` or `Authorization: APIKey …`.

use std::borrow::Cow;
use std::fmt;

use http::header::{HeaderName, HeaderValue};
use keywright_settings::{Template, TemplateError};
use secrecy::{ExposeSecret, SecretString};

use crate::values::Values;
use crate::{AuthError, ValueSource};

/// A header whose value is made from the parts of a credential and the settings of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderTemplate {
    name: String,
    value: Template,
}

impl HeaderTemplate {
    /// Parses a header's name (in any case) and the template of its value.
    ///
    /// # Errors
    ///
    /// When the name is not a header's, or is one that steers HTTP itself; when the value is not a template.
    pub fn parse(name: &str, value: &str) -> Result<Self, HeaderTemplateError> {
        Self::parse_with(name, value, &[])
    }

    /// Parses a header whose value may also have `variables`, such as [`Session::VARIABLES`](crate::Session::VARIABLES).
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_with(name: &str, value: &str, variables: &[&'static str]) -> Result<Self, HeaderTemplateError> {
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err(HeaderTemplateError::Name);
        }
        let name = name.to_ascii_lowercase();
        if steers_http(&name) {
            return Err(HeaderTemplateError::Reserved { name });
        }
        let value = Template::parse_with(value, variables)?;
        Ok(Self { name, value })
    }

    /// The header's name in lower case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The template of its value.
    pub fn value(&self) -> &Template {
        &self.value
    }

    /// The header of a template without variables.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing, empty or cannot be sent.
    pub fn header(&self, values: &Values<'_>) -> Result<SecretHeader, AuthError> {
        self.header_with(values, &|_| None)
    }

    pub(crate) fn header_with<'v>(
        &self,
        values: &'v Values<'v>,
        variables: &dyn Fn(&'static str) -> Option<&'v str>,
    ) -> Result<SecretHeader, AuthError> {
        let text = values.expand_with(&self.value, variables)?;
        if !can_carry(&text) {
            return Err(AuthError::HeaderCharacter {
                value: values.source_of(&self.value, |text| !can_carry(text)),
                header: self.name.clone(),
            });
        }
        Ok(SecretHeader::new(self.name.clone(), text.as_str()))
    }
}

/// A header that may carry a secret, as text, so that components need no other types. `Debug` prints its name only.
#[derive(Clone)]
pub struct SecretHeader {
    name: Cow<'static, str>,
    value: SecretString,
}

impl SecretHeader {
    pub(crate) fn new(name: impl Into<Cow<'static, str>>, value: &str) -> Self {
        Self { name: name.into(), value: SecretString::from(value) }
    }

    /// The name, in lower case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value: printable ASCII.
    pub fn value(&self) -> &SecretString {
        &self.value
    }

    /// What follows the name of the scheme in an `Authorization` header.
    pub(crate) fn credentials(&self) -> SecretString {
        let value = self.value.expose_secret();
        SecretString::from(value.split_once(' ').map_or(value, |(_, credentials)| credentials))
    }

    /// The header in the types of `http`, with its value marked sensitive.
    ///
    /// # Errors
    ///
    /// None in practice: what makes these headers refuses what a header cannot carry.
    pub fn to_http(&self) -> Result<(HeaderName, HeaderValue), AuthError> {
        let refused = || AuthError::HeaderCharacter { value: ValueSource::Template, header: self.name.to_string() };
        let name = HeaderName::from_bytes(self.name.as_bytes()).map_err(|_| refused())?;
        let mut value = HeaderValue::from_str(self.value.expose_secret()).map_err(|_| refused())?;
        value.set_sensitive(true);
        Ok((name, value))
    }
}

impl fmt::Debug for SecretHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretHeader({:?})", self.name)
    }
}

/// Whether a header can carry `text` so that every server reads the same: printable ASCII, as RFC 9110 section 5.5 asks
/// of new values.
pub(crate) fn can_carry(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Whether a byte may stand in a header's name (RFC 9110 section 5.6.2).
pub(crate) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Whether a header, in lower case, decides where a message goes, where it ends or what it means (RFC 9110 sections 7.2,
/// 7.6.1 and 8.6, and what servers and proxies take in place of the method, the host or the path): set by an adapter's
/// scheme, it could reach a host or slip in a request that no rule allows.
fn steers_http(name: &str) -> bool {
    const STEERING: [&str; 17] = [
        "connection",
        "content-length",
        "expect",
        "forwarded",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
        "x-original-url",
        "x-rewrite-url",
    ];
    STEERING.contains(&name) || name.starts_with("x-forwarded-")
}

/// Why a header template is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderTemplateError {
    /// The name is not a header's.
    #[error("the name of an authentication header is not a header name: use letters, digits and `-`")]
    Name,
    /// The header steers HTTP itself.
    #[error("the header `{name}` cannot authenticate a request, because it steers HTTP itself: use another one")]
    Reserved {
        /// The header's name.
        name: String,
    },
    /// The value is not a template.
    #[error(transparent)]
    Value(#[from] TemplateError),
}

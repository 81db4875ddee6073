//! Authentication by headers, such as `X-Auth-Token: …` or `Authorization: APIKey …`.

use http::header::{self, HeaderName, HeaderValue};
use keywright_settings::{Template, TemplateError};
use secrecy::ExposeSecret;

use crate::AuthError;
use crate::values::Values;

/// A header whose value is made from the parts of a credential and the settings of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderTemplate {
    name: HeaderName,
    value: Template,
}

impl HeaderTemplate {
    /// Parses a header's name (in any case) and the template of its value.
    ///
    /// # Errors
    ///
    /// When the name is not a header's, or is one that steers HTTP itself; when the value is not a template.
    pub fn parse(name: &str, value: &str) -> Result<Self, HeaderTemplateError> {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| HeaderTemplateError::Name)?;
        if steers_http(&name) {
            return Err(HeaderTemplateError::Reserved { name });
        }
        let value = value.parse()?;
        Ok(Self { name, value })
    }

    /// The header's name.
    pub fn name(&self) -> &HeaderName {
        &self.name
    }

    /// The template of its value.
    pub fn value(&self) -> &Template {
        &self.value
    }

    pub(crate) fn header(&self, values: Values<'_>) -> Result<(HeaderName, HeaderValue), AuthError> {
        let text = values.expand(&self.value)?;
        let value = sensitive(text.expose_secret()).ok_or_else(|| AuthError::HeaderCharacter {
            origin: values.blame(&self.value, |text| !can_carry(text)),
            header: self.name.clone(),
        })?;
        Ok((self.name.clone(), value))
    }
}

/// A header value that `http` does not print, or nothing when a header cannot carry `text`.
pub(crate) fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok().filter(|_| can_carry(text))?;
    value.set_sensitive(true);
    Some(value)
}

/// Whether a header can carry `text` so that every server reads the same: printable ASCII, as RFC 9110 section 5.5 wants
/// of new values.
pub(crate) fn can_carry(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Whether a header decides where a message goes or where it ends (RFC 9110 sections 7.2, 7.6.1 and 8.6): set by an
/// adapter's scheme, it could reach a host or slip in a request that no rule allows.
fn steers_http(name: &HeaderName) -> bool {
    const STEERING: [HeaderName; 9] = [
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::EXPECT,
        header::HOST,
        header::PROXY_AUTHORIZATION,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
    ];
    STEERING.contains(name) || matches!(name.as_str(), "keep-alive" | "proxy-connection")
}

/// Why a header template is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderTemplateError {
    /// The name is not a header's.
    #[error("the name of an authentication header is not a header name: use letters, digits and `-`")]
    Name,
    /// The header steers HTTP itself.
    #[error("the header `{name}` cannot authenticate a request, because HTTP itself uses it: use another one")]
    Reserved {
        /// The header's name.
        name: HeaderName,
    },
    /// The value is not a template.
    #[error(transparent)]
    Value(#[from] TemplateError),
}

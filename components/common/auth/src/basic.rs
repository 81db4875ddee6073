//! HTTP Basic authentication (RFC 7617).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use keywright_settings::Template;
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;

use crate::headers::sensitive;
use crate::values::Values;
use crate::{AuthError, Origin};

/// HTTP Basic authentication (RFC 7617), with UTF-8 for what is not ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basic {
    /// The user name.
    pub username: Template,
    /// The password.
    pub password: Template,
}

impl Basic {
    /// The `Authorization` header.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing, empty or cannot be sent.
    pub fn header(&self, values: Values<'_>) -> Result<(HeaderName, HeaderValue), AuthError> {
        let in_username = |text: &str| text.contains(|c: char| c == ':' || c.is_control());
        let in_password = |text: &str| text.contains(char::is_control);

        let username = values.expand(&self.username)?;
        if in_username(username.expose_secret()) {
            let origin = values.blame(&self.username, in_username);
            return Err(AuthError::BasicCharacter { origin });
        }
        let password = values.expand(&self.password)?;
        if in_password(password.expose_secret()) {
            let origin = values.blame(&self.password, in_password);
            return Err(AuthError::BasicCharacter { origin });
        }
        basic(username.expose_secret(), password.expose_secret())
    }
}

/// `Authorization: Basic …` of a user name without a colon.
pub(crate) fn basic(username: &str, password: &str) -> Result<(HeaderName, HeaderValue), AuthError> {
    let value = sensitive(&basic_as_text(username, password))
        .ok_or(AuthError::HeaderCharacter { origin: Origin::Template, header: AUTHORIZATION })?;
    Ok((AUTHORIZATION, value))
}

/// The value of [`basic`].
pub(crate) fn basic_as_text(username: &str, password: &str) -> Zeroizing<String> {
    let pair = Zeroizing::new([username, ":", password].concat());
    let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
    Zeroizing::new(["Basic ", encoded.as_str()].concat())
}

//! HTTP Basic authentication (RFC 7617).

use keywright_settings::Template;
use secrecy::zeroize::Zeroizing;

use crate::encoding::base64;
use crate::headers::SecretHeader;
use crate::values::Values;
use crate::{AUTHORIZATION, AuthError};

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
    pub fn header(&self, values: &Values<'_>) -> Result<SecretHeader, AuthError> {
        let not_in_username = |text: &str| text.contains(|c: char| c == ':' || c.is_control());
        let not_in_password = |text: &str| text.contains(char::is_control);

        let username = values.expand(&self.username)?;
        if not_in_username(&username) {
            return Err(AuthError::BasicCharacter { value: values.source_of(&self.username, not_in_username) });
        }
        let password = values.expand(&self.password)?;
        if not_in_password(&password) {
            return Err(AuthError::BasicCharacter { value: values.source_of(&self.password, not_in_password) });
        }
        Ok(basic(&username, &password))
    }
}

/// `Authorization: Basic …` of a user name without a colon.
pub(crate) fn basic(username: &str, password: &str) -> SecretHeader {
    let pair = Zeroizing::new([username, ":", password].concat());
    let encoded = base64(pair.as_bytes());
    SecretHeader::new(AUTHORIZATION, &Zeroizing::new(["Basic ", encoded.as_str()].concat()))
}

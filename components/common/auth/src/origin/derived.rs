//! Parts that follow from others.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keywright_settings::Template;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use sha2::{Digest, Sha256};

use crate::AuthError;
use crate::encoding::hex;
use crate::values::Values;

/// A part that follows from others, such as the digest of a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// What becomes of the text.
    pub form: DerivedForm,
    /// The text: a template over other parts and settings.
    pub text: Template,
}

/// What becomes of the text that a part is derived from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DerivedForm {
    /// The text itself.
    Text,
    /// Its SHA-256 digest in lower-case hexadecimal.
    Sha256Hex,
    /// Its SHA-256 digest in base64 (RFC 4648 section 4).
    Sha256Base64,
}

impl Derived {
    /// The part's value.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing or empty.
    pub fn derive(&self, values: &Values<'_>) -> Result<SecretString, AuthError> {
        let text = values.expand(&self.text)?;
        let value = match self.form {
            DerivedForm::Text => text,
            DerivedForm::Sha256Hex => Zeroizing::new(hex(&Sha256::digest(text.as_bytes()))),
            DerivedForm::Sha256Base64 => Zeroizing::new(STANDARD.encode(Sha256::digest(text.as_bytes()))),
        };
        Ok(SecretString::from(value.as_str()))
    }
}

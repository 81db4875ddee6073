//! JSON Web Tokens (RFC 7519) that the credential's key signs: in `Authorization: Bearer`, or as an assertion of OAuth 2.0.

mod algorithm;
#[cfg(any(not(target_family = "wasm"), feature = "jwt-eddsa", feature = "jwt-es256", feature = "jwt-rs256"))]
#[cfg_attr(target_family = "wasm", allow(dead_code, reason = "a component may have one algorithm only"))]
mod key;
#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(any(test, target_family = "wasm"))]
mod portable;
#[cfg(test)]
mod vectors;

use chrono::TimeDelta;
use keywright_settings::{JsonTemplate, Template};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde_json::Value;

pub use algorithm::JwtAlgorithm;
use algorithm::KeyError;

use crate::AuthError;
use crate::encoding::{base64_url, hex};
use crate::headers::SecretHeader;
use crate::token::bearer;
use crate::values::Values;

/// A JSON Web Token (RFC 7519), signed (RFC 7515) with a key that is part of the credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwt {
    /// The algorithm.
    pub algorithm: JwtAlgorithm,
    /// The key. For RS256, ES256 and EdDSA a private key in PEM: PKCS#8, or PKCS#1 for RSA, or SEC 1 for P-256. For HS256
    /// the text whose UTF-8 bytes are the key.
    pub key: Template,
    /// What names the key: the header `kid`.
    pub key_id: Option<Template>,
    /// The claims, an object. `iat`, `exp` and `jti` are added to it.
    pub claims: JsonTemplate,
    /// The seconds from `iat` to `exp`.
    pub lifetime_seconds: u32,
}

impl Jwt {
    /// The claims that are added.
    pub(crate) const ADDED: [&'static str; 3] = ["iat", "exp", "jti"];

    /// The token in its compact form (RFC 7515 section 7.1).
    ///
    /// **Choice**: `iat` lies a tenth of the lifetime, a minute at most, before the time of the request, so that a vendor
    /// whose clock is late does not refuse it. `exp` is a lifetime after `iat`, because vendors limit the difference.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing or empty, or the key is not one of the algorithm.
    pub fn sign(&self, values: &Values<'_>) -> Result<SecretString, AuthError> {
        self.sign_with(values, &[])
    }

    /// `Authorization: Bearer …` with the token.
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign).
    pub fn bearer(&self, values: &Values<'_>) -> Result<SecretHeader, AuthError> {
        Ok(bearer(&self.sign(values)?))
    }

    /// [`sign`](Self::sign), with further claims, unless they are there.
    pub(crate) fn sign_with(&self, values: &Values<'_>, claims: &[(&str, &str)]) -> Result<SecretString, AuthError> {
        (self.algorithm.token)(self, values, claims)
    }

    fn token(&self, values: &Values<'_>, claims: &[(&str, &str)]) -> Result<SecretString, AuthError> {
        let mut header = format!(r#"{{"alg":"{}","typ":"JWT""#, self.algorithm.name());
        if let Some(key_id) = &self.key_id {
            let key_id = values.expand(key_id)?;
            header.push_str(r#","kid":"#);
            header.push_str(&quoted(&key_id));
        }
        header.push('}');
        let claims = self.claims(values, claims)?;
        let input = [base64_url(header.as_bytes()).as_str(), ".", &base64_url(claims.as_bytes())].concat();
        let key = values.expand(&self.key)?;
        let signature = self.algorithm.sign(&key, input.as_bytes()).map_err(|error| match error {
            KeyError::NotBuilt => AuthError::AlgorithmNotBuilt { algorithm: self.algorithm.name() },
            KeyError::Malformed(expected) => AuthError::Key { value: values.source_of(&self.key, |_| true), expected },
        })?;
        Ok(SecretString::from([input.as_str(), ".", &base64_url(&signature)].concat()))
    }

    fn claims(&self, values: &Values<'_>, further: &[(&str, &str)]) -> Result<Zeroizing<String>, AuthError> {
        let lifetime = i64::from(self.lifetime_seconds);
        let issued_at = values.now - TimeDelta::seconds((lifetime / 10).min(60));
        let own = values.expand_json(&self.claims)?;
        let mut claims = Vec::new();
        // What stands in the braces, if anything does.
        claims.extend(own.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).filter(|own| !own.is_empty()));
        let further: Vec<String> = further
            .iter()
            .filter(|(name, _)| !self.claims.member_names().any(|known| known == *name))
            .map(|(name, value)| [&quoted(name), ":", &quoted(value)].concat())
            .collect();
        claims.extend(further.iter().map(String::as_str));
        let issued_at = issued_at.timestamp();
        let added = format!(r#""iat":{issued_at},"exp":{},"jti":"{}""#, issued_at + lifetime, hex(&values.nonce));
        claims.push(&added);
        Ok(Zeroizing::new(["{", &claims.join(","), "}"].concat()))
    }
}

/// A JSON string.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

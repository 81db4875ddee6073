//! JSON Web Tokens as vendors read them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{UnparsedPublicKey, VerificationAlgorithm};
use serde_json::Value;

/// The header and the claims of a token.
pub(super) struct Read {
    pub(super) header: Value,
    pub(super) claims: Value,
    signed: String,
    signature: Vec<u8>,
}

/// A token, if it has the form of one.
pub(super) fn read(token: &str) -> Option<Read> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    Some(Read {
        header: serde_json::from_slice(&decode(header)?).ok()?,
        claims: serde_json::from_slice(&decode(claims)?).ok()?,
        signed: signed.to_owned(),
        signature: decode(signature)?,
    })
}

impl Read {
    /// Whether it is signed with this key, and for now.
    pub(super) fn is_valid(&self, algorithm: &'static dyn VerificationAlgorithm, public_key: &[u8]) -> bool {
        let now = chrono::Utc::now().timestamp();
        let claim = |name: &str| self.claims[name].as_i64().unwrap_or_default();
        let key = UnparsedPublicKey::new(algorithm, public_key);
        key.verify(self.signed.as_bytes(), &self.signature).is_ok()
            && (claim("iat") - now).abs() < 60
            && claim("exp") > now
            && claim("exp") - claim("iat") == 60
    }
}

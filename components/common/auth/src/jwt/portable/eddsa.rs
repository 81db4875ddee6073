//! EdDSA with the crate ed25519-dalek.

use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer, SigningKey};
use rustls_pki_types::PrivateKeyDer;

use crate::jwt::algorithm::KeyError;
use crate::jwt::key::{ED25519_KEY, private_key};

pub(in crate::jwt) fn eddsa(key: &str, input: &[u8]) -> Result<Vec<u8>, KeyError> {
    let malformed = KeyError::Malformed(ED25519_KEY);
    let PrivateKeyDer::Pkcs8(der) = &*private_key(key, ED25519_KEY)? else { return Err(malformed) };
    let key = SigningKey::from_pkcs8_der(der.secret_pkcs8_der()).map_err(|_| malformed)?;
    Ok(key.sign(input).to_bytes().to_vec())
}

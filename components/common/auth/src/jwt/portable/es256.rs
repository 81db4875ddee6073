//! ES256 with the crate p256, deterministic (RFC 6979).

use p256::SecretKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::DecodePrivateKey;
use rustls_pki_types::PrivateKeyDer;

use crate::jwt::algorithm::KeyError;
use crate::jwt::key::{P256_KEY, private_key};

pub(in crate::jwt) fn es256(key: &str, input: &[u8]) -> Result<Vec<u8>, KeyError> {
    let malformed = KeyError::Malformed(P256_KEY);
    let key = match &*private_key(key, P256_KEY)? {
        PrivateKeyDer::Pkcs8(der) => SecretKey::from_pkcs8_der(der.secret_pkcs8_der()).map_err(|_| malformed)?,
        PrivateKeyDer::Sec1(der) => SecretKey::from_sec1_der(der.secret_sec1_der()).map_err(|_| malformed)?,
        _ => return Err(malformed),
    };
    let signature: Signature = SigningKey::from(key).try_sign(input).map_err(|_| malformed)?;
    Ok(signature.to_bytes().to_vec())
}

//! RS256 with the crate rsa.

use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::signature::{SignatureEncoding, Signer};
use rustls_pki_types::PrivateKeyDer;
use sha2::Sha256;

use crate::jwt::algorithm::KeyError;
use crate::jwt::key::{RSA_KEY, private_key};

pub(in crate::jwt) fn rs256(key: &str, input: &[u8]) -> Result<Vec<u8>, KeyError> {
    let malformed = KeyError::Malformed(RSA_KEY);
    let key = match &*private_key(key, RSA_KEY)? {
        PrivateKeyDer::Pkcs8(der) => rsa::PrivateKey::from_pkcs8_der(der.secret_pkcs8_der()).map_err(|_| malformed)?,
        PrivateKeyDer::Pkcs1(der) => rsa::PrivateKey::from_pkcs1_der(der.secret_pkcs1_der()).map_err(|_| malformed)?,
        _ => return Err(malformed),
    };
    let signature = SigningKey::<Sha256>::new(key).try_sign(input).map_err(|_| malformed)?;
    Ok(signature.to_vec())
}

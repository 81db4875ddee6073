//! Private keys in PEM (RFC 7468).

use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use secrecy::zeroize::Zeroizing;

use super::algorithm::KeyError;

/// What a key of an algorithm is, in words.
pub(super) const RSA_KEY: &str = "an RSA private key in PEM (PKCS#8 or PKCS#1)";
/// As above.
pub(super) const P256_KEY: &str = "a P-256 private key in PEM (PKCS#8 or SEC 1) together with its public key";
/// As above.
pub(super) const ED25519_KEY: &str = "an Ed25519 private key in PEM (PKCS#8)";

/// The first private key of a PEM text.
pub(super) fn private_key(pem: &str, expected: &'static str) -> Result<Zeroizing<PrivateKeyDer<'static>>, KeyError> {
    PrivateKeyDer::from_pem_slice(pem.as_bytes()).map(Zeroizing::new).map_err(|_| KeyError::Malformed(expected))
}

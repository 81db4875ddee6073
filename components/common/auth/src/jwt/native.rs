//! Signing in the host, with ring, which the host's TLS uses too.

use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256};
use rustls_pki_types::PrivateKeyDer;
use secrecy::zeroize::Zeroizing;

use super::algorithm::KeyError;
use super::key::{ED25519_KEY, P256_KEY, RSA_KEY, private_key};

pub(super) fn rs256(key: &str, input: &[u8]) -> Result<Vec<u8>, KeyError> {
    let malformed = KeyError::Malformed(RSA_KEY);
    let pair = match &*private_key(key, RSA_KEY)? {
        PrivateKeyDer::Pkcs8(der) => rsa::KeyPair::from_pkcs8(der.secret_pkcs8_der()).map_err(|_| malformed)?,
        PrivateKeyDer::Pkcs1(der) => rsa::KeyPair::from_der(der.secret_pkcs1_der()).map_err(|_| malformed)?,
        _ => return Err(malformed),
    };
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input, &mut signature).map_err(|_| malformed)?;
    Ok(signature)
}

pub(super) fn es256(key: &str, input: &[u8]) -> Result<Vec<u8>, KeyError> {
    let malformed = KeyError::Malformed(P256_KEY);
    let random = SystemRandom::new();
    let read = |pkcs8: &[u8]| EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &random);
    let pair = match &*private_key(key, P256_KEY)? {
        PrivateKeyDer::Pkcs8(der) => read(der.secret_pkcs8_der()),
        PrivateKeyDer::Sec1(der) => read(&p256_pkcs8(der.secret_sec1_der()).ok_or(malformed)?),
        _ => return Err(malformed),
    };
    let signature = pair.map_err(|_| malformed)?.sign(&random, input).map_err(|_| malformed)?;
    Ok(signature.as_ref().to_vec())
}

pub(super) fn eddsa(key: &str, input: &[u8]) -> Result<Vec<u8>, KeyError> {
    let malformed = KeyError::Malformed(ED25519_KEY);
    let PrivateKeyDer::Pkcs8(der) = &*private_key(key, ED25519_KEY)? else { return Err(malformed) };
    // "Maybe unchecked": PKCS#8 as OpenSSL writes it has no public key to check against.
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_pkcs8_der()).map_err(|_| malformed)?;
    Ok(pair.sign(input).as_ref().to_vec())
}

/// A P-256 key of SEC 1 in PKCS#8 (RFC 5958), which is what ring reads.
fn p256_pkcs8(sec1: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    /// Version 0; the algorithm `id-ecPublicKey` with the curve `secp256r1`.
    const HEAD: &[u8] =
        b"\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
    // A key has 121 bytes at most, so that each length fits into one byte more than its tag.
    let inner = u8::try_from(sec1.len()).ok().filter(|length| *length < 0x80)?;
    let outer = u8::try_from(HEAD.len() + 2 + sec1.len()).ok()?;
    Some(Zeroizing::new([&[0x30, 0x81, outer], HEAD, &[0x04, inner], sec1].concat()))
}

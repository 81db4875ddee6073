//! The algorithms of JSON Web Signatures (RFC 7518 section 3.1, RFC 8037 section 3.1).

use std::fmt;

use secrecy::SecretString;
use sha2::Sha256;

use super::Jwt;
#[cfg(not(target_family = "wasm"))]
use super::native as backend;
#[cfg(target_family = "wasm")]
use super::portable as backend;
use crate::AuthError;
use crate::mac::compute;
use crate::values::Values;

/// An algorithm to sign a JWT with. Each brings its own code, so that a component carries that of the one it uses.
///
/// In a component, RS256, ES256 and EdDSA need the features `jwt-rs256`, `jwt-es256` and `jwt-eddsa` of this crate; signing
/// is refused without.
#[derive(Clone, Copy)]
pub struct JwtAlgorithm {
    name: &'static str,
    sign: fn(&str, &[u8]) -> Result<Vec<u8>, KeyError>,
    /// Makes the whole token. By way of the algorithm, so that a component whose OAuth 2.0 scheme has no JWT carries nothing
    /// of them.
    pub(super) token: MakeToken,
}

/// Makes a token with further claims.
type MakeToken = fn(&Jwt, &Values<'_>, &[(&str, &str)]) -> Result<SecretString, AuthError>;

/// Why a key cannot sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyError {
    /// The algorithm is not part of this component.
    #[allow(dead_code, reason = "a host lacks none")]
    NotBuilt,
    /// It is not this, with its article.
    Malformed(&'static str),
}

impl JwtAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256; natively with keys of 2048 to 4096 bits.
    pub const RS256: Self = Self { name: "RS256", sign: rs256, token: Jwt::token };
    /// ECDSA with P-256 and SHA-256. Natively a key in PKCS#8 or SEC 1 must have its public key with it, as OpenSSL's have.
    pub const ES256: Self = Self { name: "ES256", sign: es256, token: Jwt::token };
    /// Ed25519.
    pub const EDDSA: Self = Self { name: "EdDSA", sign: eddsa, token: Jwt::token };
    /// HMAC with SHA-256.
    pub const HS256: Self = Self { name: "HS256", sign: hs256, token: Jwt::token };

    /// The algorithm of this name: `RS256`, `ES256`, `EdDSA` or `HS256`.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::RS256, Self::ES256, Self::EDDSA, Self::HS256].into_iter().find(|algorithm| algorithm.name == name)
    }

    /// Its name in the header `alg`.
    pub fn name(self) -> &'static str {
        self.name
    }

    pub(crate) fn sign(self, key: &str, input: &[u8]) -> Result<Vec<u8>, KeyError> {
        (self.sign)(key, input)
    }
}

fn rs256(key: &str, input: &[u8]) -> Result<Vec<u8>, KeyError> {
    backend::rs256(key, input)
}

fn es256(key: &str, input: &[u8]) -> Result<Vec<u8>, KeyError> {
    backend::es256(key, input)
}

fn eddsa(key: &str, input: &[u8]) -> Result<Vec<u8>, KeyError> {
    backend::eddsa(key, input)
}

fn hs256(key: &str, input: &[u8]) -> Result<Vec<u8>, KeyError> {
    compute::<Sha256>(key.as_bytes(), input).ok_or(KeyError::Malformed("a key"))
}

impl PartialEq for JwtAlgorithm {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for JwtAlgorithm {}

impl fmt::Debug for JwtAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

//! The two algorithms: the same steps with different names.

use std::str::FromStr;

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderName;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::AuthError;

/// A signature algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// OSC4-HMAC-SHA256, as OUTSCALE's official Python SDK signs.
    Osc4,
    /// AWS4-HMAC-SHA256, AWS Signature Version 4.
    Aws4,
}

impl Algorithm {
    /// The name that starts the `Authorization` header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Osc4 => "OSC4-HMAC-SHA256",
            Self::Aws4 => "AWS4-HMAC-SHA256",
        }
    }

    /// The header that carries the time of signing.
    pub fn date_header(self) -> HeaderName {
        HeaderName::from_static(self.date_header_name())
    }

    pub(super) fn date_header_name(self) -> &'static str {
        match self {
            Self::Osc4 => "x-osc-date",
            Self::Aws4 => "x-amz-date",
        }
    }

    /// The last segment of a credential scope.
    pub(super) fn terminator(self) -> &'static str {
        match self {
            Self::Osc4 => "osc4_request",
            Self::Aws4 => "aws4_request",
        }
    }

    fn key_prefix(self) -> &'static str {
        match self {
            Self::Osc4 => "OSC4",
            Self::Aws4 => "AWS4",
        }
    }

    /// The key for one day, region and service, so that it can sign nothing else.
    pub(super) fn signing_key(
        self,
        secret_key: &SecretString,
        day: &str,
        region: &str,
        service: &str,
    ) -> Zeroizing<[u8; 32]> {
        let secret = Zeroizing::new([self.key_prefix(), secret_key.expose_secret()].concat());
        let mut key = mac(secret.as_bytes(), day);
        for step in [region, service, self.terminator()] {
            key = mac(key.as_slice(), step);
        }
        key
    }
}

impl FromStr for Algorithm {
    type Err = AuthError;

    /// Reads `osc4` or `aws4`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "osc4" => Ok(Self::Osc4),
            "aws4" => Ok(Self::Aws4),
            _ => Err(AuthError::Algorithm),
        }
    }
}

/// HMAC-SHA256, to be fed.
pub(super) fn keyed(key: &[u8]) -> Hmac<Sha256> {
    // RFC 2104 section 2: a long key is hashed, a short one is filled with zeros to the size of a block. Done here,
    // because the library's way for keys of any length has an error that never comes.
    let mut block = Zeroizing::new([0; 64]);
    match block.get_mut(..key.len()) {
        Some(start) => start.copy_from_slice(key),
        None => block[..32].copy_from_slice(&Sha256::digest(key)),
    }
    Hmac::new((&*block).into())
}

/// Not inlined: components, which make five of them for a signature, carry this code once.
#[inline(never)]
pub(super) fn mac(key: &[u8], text: &str) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(keyed(key).chain_update(text).finalize().into_bytes().into())
}

//! Signatures of a vendor's own making: an HMAC (RFC 2104) over a message that the scheme describes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{EagerHash, KeyInit, Mac};
use keywright_settings::{Reference, Template};
use secrecy::zeroize::Zeroizing;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use crate::encoding::{base64, from_hex, hex};
use crate::headers::{HeaderTemplate, SecretHeader};
use crate::values::{NONCE, TIME_RFC3339, TIME_UNIX, TIME_UNIX_MILLIS, Values};
use crate::{AuthError, OutgoingRequest};

/// An HMAC over a message made from the request, sent in headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hmac {
    /// The algorithm.
    pub algorithm: HmacAlgorithm,
    /// The key.
    pub key: Template,
    /// How the key is written.
    pub key_encoding: KeyEncoding,
    /// The message, parsed with [`MESSAGE_VARIABLES`](Self::MESSAGE_VARIABLES).
    pub message: Template,
    /// How the signature is written.
    pub encoding: Encoding,
    /// The headers to send, parsed with [`HEADER_VARIABLES`](Self::HEADER_VARIABLES).
    pub headers: Vec<HeaderTemplate>,
}

/// How a key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyEncoding {
    /// As text, whose UTF-8 bytes are the key.
    Text,
    /// In base64 (RFC 4648 section 4).
    Base64,
    /// In hexadecimal.
    Hex,
}

/// How bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// In lower-case hexadecimal.
    Hex,
    /// In base64 (RFC 4648 section 4).
    Base64,
}

/// A hash function to make an HMAC with. Each brings its own code, so that a component carries that of the one it uses.
#[derive(Clone, Copy)]
pub struct HmacAlgorithm {
    name: &'static str,
    compute: fn(&[u8], &[u8]) -> Option<Vec<u8>>,
}

impl HmacAlgorithm {
    /// SHA-256.
    pub const SHA256: Self = Self { name: "sha256", compute: compute::<Sha256> };
    /// SHA-512.
    pub const SHA512: Self = Self { name: "sha512", compute: compute::<Sha512> };
    /// SHA-1, for vendors that have nothing better: as an HMAC it is not broken (RFC 6194 section 3.3).
    pub const SHA1: Self = Self { name: "sha1", compute: compute::<Sha1> };

    /// The algorithm of this name: `sha256`, `sha512` or `sha1`.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::SHA256, Self::SHA512, Self::SHA1].into_iter().find(|algorithm| algorithm.name == name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.name
    }
}

pub(crate) fn compute<D: EagerHash>(key: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    // A key of any length is taken, so there is no error in practice.
    let mac = hmac::Hmac::<D>::new_from_slice(key).ok()?;
    Some(mac.chain_update(message).finalize().into_bytes().to_vec())
}

const METHOD: &str = "request.method";
const PATH: &str = "request.path";
const QUERY: &str = "request.query";
const HOST: &str = "request.host";
const BODY: &str = "request.body";
const BODY_SHA256_HEX: &str = "request.body-sha256-hex";
const BODY_SHA256_BASE64: &str = "request.body-sha256-base64";
pub(crate) const SIGNATURE: &str = "signature";

impl Hmac {
    /// What the message may refer to, in addition to settings and parts. The query is without its `?`, and empty when there is
    /// none.
    pub const MESSAGE_VARIABLES: &[&'static str] = &[
        METHOD,
        PATH,
        QUERY,
        HOST,
        BODY,
        BODY_SHA256_HEX,
        BODY_SHA256_BASE64,
        TIME_UNIX,
        TIME_UNIX_MILLIS,
        TIME_RFC3339,
        NONCE,
    ];

    /// What the headers may refer to, in addition to settings and parts.
    pub const HEADER_VARIABLES: &[&'static str] = &[SIGNATURE, TIME_UNIX, TIME_UNIX_MILLIS, TIME_RFC3339, NONCE];

    /// The headers that carry the signature.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing, empty or cannot be sent, when the key is not of its encoding, or when the
    /// message has a body that is not text.
    pub fn headers(&self, request: &OutgoingRequest<'_>, values: &Values<'_>) -> Result<Vec<SecretHeader>, AuthError> {
        let written = Known::of(&self.message, |name| match name {
            METHOD => Ok(request.method.to_owned()),
            PATH => Ok(request.path.to_owned()),
            QUERY => Ok(request.query.unwrap_or_default().to_owned()),
            HOST => Ok(request.host.to_owned()),
            BODY => str::from_utf8(request.body).map(str::to_owned).map_err(|_| AuthError::Body),
            BODY_SHA256_HEX => Ok(hex(&Sha256::digest(request.body))),
            BODY_SHA256_BASE64 => Ok(base64(&Sha256::digest(request.body)).to_string()),
            other => Ok(values.of_the_moment(other).unwrap_or_default()),
        })?;
        let message = values.expand_with(&self.message, &|name| written.get(name))?;
        let key = self.key(values)?;
        let signature = (self.algorithm.compute)(&key, message.as_bytes()).ok_or_else(|| self.not_a_key(values))?;
        let signature = match self.encoding {
            Encoding::Hex => hex(&signature),
            Encoding::Base64 => base64(&signature).to_string(),
        };
        let header = |template: &HeaderTemplate| {
            let written = Known::of(template.value(), |name| match name {
                SIGNATURE => Ok(signature.clone()),
                other => Ok(values.of_the_moment(other).unwrap_or_default()),
            })?;
            template.header_with(values, &|name| written.get(name))
        };
        self.headers.iter().map(header).collect()
    }

    fn key(&self, values: &Values<'_>) -> Result<Zeroizing<Vec<u8>>, AuthError> {
        let text = values.expand(&self.key)?;
        let bytes = match self.key_encoding {
            KeyEncoding::Text => Some(text.as_bytes().to_vec()),
            KeyEncoding::Base64 => STANDARD.decode(text.trim()).ok(),
            KeyEncoding::Hex => from_hex(text.trim()),
        };
        bytes.filter(|bytes| !bytes.is_empty()).map(Zeroizing::new).ok_or_else(|| self.not_a_key(values))
    }

    fn not_a_key(&self, values: &Values<'_>) -> AuthError {
        let expected = match self.key_encoding {
            KeyEncoding::Text => "a key",
            KeyEncoding::Base64 => "a key in base64",
            KeyEncoding::Hex => "a key in hexadecimal",
        };
        AuthError::Key { value: values.source_of(&self.key, |_| true), expected }
    }
}

/// The values of those variables that a template refers to.
struct Known(Vec<(&'static str, String)>);

impl Known {
    fn of(template: &Template, value: impl Fn(&'static str) -> Result<String, AuthError>) -> Result<Self, AuthError> {
        let variables = template.references().filter_map(|reference| match reference {
            Reference::Variable(name) => Some(name),
            Reference::Part(_) | Reference::Setting(_) => None,
        });
        variables.map(|name| Ok((name, value(name)?))).collect::<Result<_, _>>().map(Self)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

impl PartialEq for HmacAlgorithm {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for HmacAlgorithm {}

impl std::fmt::Debug for HmacAlgorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

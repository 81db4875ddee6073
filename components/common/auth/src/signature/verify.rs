//! The server's side: whether a request was signed with the secret key.

use std::iter;

use chrono::{DateTime, NaiveDateTime, Utc};
use hmac::Mac;
use http::HeaderMap;
use http::header::{AUTHORIZATION, HOST};
use secrecy::SecretString;

use super::Algorithm;
use super::algorithm::keyed;
use super::canonical::{CanonicalRequest, Scope, canonical_value, digest_hex};
use super::sign::{CONTENT_SHA256, timestamp};
use crate::encoding::from_hex;

/// A request as a server received it.
#[derive(Clone, Copy, Debug)]
pub struct ReceivedRequest<'a> {
    /// The method.
    pub method: &'a str,
    /// The value of the `Host` header, or HTTP/2's `:authority`.
    pub host: &'a str,
    /// The path, as received.
    pub path: &'a str,
    /// The query, as received and without its `?`.
    pub query: Option<&'a str>,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
}

/// What the signature headers of a request say, before or after they are found to be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The access key, which names the secret key.
    pub access_key: String,
    /// The region of the credential scope.
    pub region: String,
    /// The service of the credential scope.
    pub service: String,
    /// The names of the signed headers, in their order.
    pub signed_headers: Vec<String>,
    /// The time of signing. How old it may be is the server's to say.
    pub signed_at: DateTime<Utc>,
    signature: [u8; 32],
}

/// Verifies the signature of `request` with the secret key that `secret_key` gives for an access key.
///
/// Any region, service and list of headers is accepted, as OUTSCALE's servers do. So is a signed host without its port,
/// because OUTSCALE's official Python SDK signs that. For the service `s3` the header `X-Amz-Content-Sha256` may say
/// `UNSIGNED-PAYLOAD` in place of the body's digest.
///
/// # Errors
///
/// When the request is not signed, not signed well, or signed with another key.
pub fn verify(
    request: &ReceivedRequest<'_>,
    secret_key: impl FnOnce(&str) -> Option<SecretString>,
) -> Result<Claim, VerifyError> {
    let claim = Claim::read(request.headers)?;
    let secret_key = secret_key(&claim.access_key).ok_or(VerifyError::UnknownAccessKey)?;
    claim.check(request, &secret_key)?;
    Ok(claim)
}

impl Claim {
    /// Reads the `Authorization` header and the date header of its algorithm. Nothing is verified yet.
    ///
    /// # Errors
    ///
    /// When there is no signature, or it is not well formed.
    pub fn read(headers: &HeaderMap) -> Result<Self, VerifyError> {
        let text = headers.get(AUTHORIZATION).ok_or(VerifyError::Unsigned)?;
        let text = text.to_str().map_err(|_| VerifyError::Malformed)?;
        let (name, fields) = text.split_once(' ').ok_or(VerifyError::Unsigned)?;
        let algorithm = [Algorithm::Osc4, Algorithm::Aws4]
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
            .ok_or(VerifyError::Unsigned)?;

        let credential: Vec<&str> = field(fields, "Credential")?.split('/').collect();
        let &[access_key, day, region, service, terminator] = credential.as_slice() else {
            return Err(VerifyError::Malformed);
        };
        if access_key.is_empty() || terminator != algorithm.terminator() {
            return Err(VerifyError::Malformed);
        }

        let date = algorithm.date_header();
        let signed_headers: Vec<String> = field(fields, "SignedHeaders")?.split(';').map(str::to_owned).collect();
        // What is not signed could be replayed to another host, or at another time.
        if ![HOST, date.clone()].iter().all(|name| signed_headers.iter().any(|signed| name == signed.as_str())) {
            return Err(VerifyError::Malformed);
        }

        let date = headers.get(date).and_then(|value| value.to_str().ok());
        let signed_at = date.and_then(instant).ok_or(VerifyError::Date)?;
        if !timestamp(signed_at).starts_with(day) || day.len() != 8 {
            return Err(VerifyError::Date);
        }
        Ok(Self {
            algorithm,
            access_key: access_key.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
            signed_headers,
            signed_at,
            signature: digest(field(fields, "Signature")?).ok_or(VerifyError::Malformed)?,
        })
    }

    /// Verifies that `request` is what was signed, with `secret_key`. The comparison takes constant time.
    ///
    /// # Errors
    ///
    /// When it is not, or a signed header is absent.
    pub fn check(&self, request: &ReceivedRequest<'_>, secret_key: &SecretString) -> Result<(), VerifyError> {
        let timestamp = timestamp(self.signed_at);
        let scope =
            Scope { algorithm: self.algorithm, timestamp: &timestamp, region: &self.region, service: &self.service };
        let key = self.algorithm.signing_key(secret_key, scope.day(), scope.region, scope.service);
        let body_digest = body_digest(request, &scope)?;
        for host in iter::once(request.host).chain(without_port(request.host)) {
            let headers = self.signed_values(request.headers, host)?;
            let canonical = CanonicalRequest {
                method: request.method,
                path: &scope.canonical_path(request.path),
                query: request.query.unwrap_or_default(),
                headers: &headers,
                body_digest: &body_digest,
            };
            let mac = keyed(key.as_slice()).chain_update(scope.string_to_sign(&canonical.text()));
            if mac.verify_slice(&self.signature).is_ok() {
                return Ok(());
            }
        }
        Err(VerifyError::Mismatch)
    }

    fn signed_values(&self, headers: &HeaderMap, host: &str) -> Result<Vec<(&str, String)>, VerifyError> {
        let value = |name: &str| {
            if name == HOST {
                return Some(canonical_value(host));
            }
            let values: Option<Vec<String>> = headers
                .get_all(name)
                .into_iter()
                .map(|value| Some(canonical_value(str::from_utf8(value.as_bytes()).ok()?)))
                .collect();
            values.filter(|values| !values.is_empty()).map(|values| values.join(","))
        };
        self.signed_headers
            .iter()
            .map(|name| Some((name.as_str(), value(name)?)))
            .collect::<Option<_>>()
            .ok_or(VerifyError::Mismatch)
    }
}

/// One of the fields `NAME=VALUE, …` of an `Authorization` header.
fn field<'a>(fields: &'a str, name: &str) -> Result<&'a str, VerifyError> {
    let mut values = fields.split(',').filter_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='));
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        _ => Err(VerifyError::Malformed),
    }
}

pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let time = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").ok()?.and_utc();
    // The library forgives missing zeros; a signature does not.
    (timestamp(time) == text).then_some(time)
}

fn digest(hex: &str) -> Option<[u8; 32]> {
    from_hex(hex)?.try_into().ok()
}

/// What is signed for the body: its digest, or for S3 a mark that it is not signed.
fn body_digest(request: &ReceivedRequest<'_>, scope: &Scope<'_>) -> Result<String, VerifyError> {
    const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
    let digest = digest_hex(request.body);
    match request.headers.get(CONTENT_SHA256).filter(|_| scope.is_s3()) {
        None => Ok(digest),
        Some(said) if said == digest.as_str() => Ok(digest),
        Some(said) if said == UNSIGNED => Ok(UNSIGNED.to_owned()),
        Some(_) => Err(VerifyError::Mismatch),
    }
}

fn without_port(host: &str) -> Option<&str> {
    let (name, port) = host.rsplit_once(':')?;
    port.bytes().all(|byte| byte.is_ascii_digit()).then_some(name)
}

/// Why a request does not count as signed. What a server answers for each is its own affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// There is no `Authorization` header, or one of another scheme.
    #[error("the request is not signed: add an `Authorization` header of OSC4-HMAC-SHA256 or AWS4-HMAC-SHA256")]
    Unsigned,
    /// The `Authorization` header lacks a field, or the scope or the list of headers is incomplete.
    #[error(
        "the `Authorization` header is not well formed: \
         give Credential, SignedHeaders (with the host and the date) and Signature"
    )]
    Malformed,
    /// The date header is absent, not a date, or of another day than the scope.
    #[error("the date header is absent or disagrees with the credential scope: sign and send the same time")]
    Date,
    /// Nobody has the access key.
    #[error("the access key is unknown: check the access key and the region")]
    UnknownAccessKey,
    /// The signature is not of this request and this secret key.
    #[error("the signature does not match the request: check the secret key and what is signed")]
    Mismatch,
}

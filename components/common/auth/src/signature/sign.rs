//! The client's side: the headers that sign a request.

use std::array;

use chrono::{DateTime, Datelike, Timelike, Utc};
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::SecretString;

use super::Algorithm;
use super::algorithm::mac;
use super::canonical::{CanonicalRequest, Scope, canonical_value, hex};
use crate::headers::{can_carry, sensitive};
use crate::{AuthError, RequestToSign};

/// All that a signature is made from.
#[derive(Clone, Copy, Debug)]
pub struct SigningRequest<'a> {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The access key, which names the secret key.
    pub access_key: &'a str,
    /// The secret key.
    pub secret_key: &'a SecretString,
    /// The region to sign for.
    pub region: &'a str,
    /// The service to sign for.
    pub service: &'a str,
    /// The request. A path is signed as it is; a query in any order and encoding gives the same signature.
    pub request: RequestToSign<'a>,
    /// The time of signing; its fraction of a second is not used.
    pub now: DateTime<Utc>,
}

/// The two headers that sign a request, with values marked sensitive.
#[derive(Clone, Debug)]
pub struct SignedHeaders {
    /// `X-Osc-Date` or `X-Amz-Date`.
    pub date: (HeaderName, HeaderValue),
    /// `Authorization`.
    pub authorization: (HeaderName, HeaderValue),
}

impl IntoIterator for SignedHeaders {
    type Item = (HeaderName, HeaderValue);
    type IntoIter = array::IntoIter<Self::Item, 2>;

    fn into_iter(self) -> Self::IntoIter {
        [self.date, self.authorization].into_iter()
    }
}

/// Signs a request.
///
/// OSC4 signs the headers `content-type` (when there is one), `host` and `x-osc-date`, as OUTSCALE's official Python SDK
/// does; AWS4 signs `host` and `x-amz-date`, as aws/smithy-go does.
///
/// # Errors
///
/// When something is empty, or has a character that would make the signature ambiguous.
pub fn sign(signing: &SigningRequest<'_>) -> Result<SignedHeaders, AuthError> {
    let [(_, timestamp), (_, authorization)] = sign_as_text(signing)?;
    Ok(SignedHeaders {
        date: (signing.algorithm.date_header(), value(&timestamp)?),
        authorization: (AUTHORIZATION, value(&authorization)?),
    })
}

/// [`sign`], with the headers as text.
pub(super) fn sign_as_text(signing: &SigningRequest<'_>) -> Result<[(&'static str, String); 2], AuthError> {
    check(signing)?;
    let SigningRequest { algorithm, request, .. } = signing;
    let timestamp = timestamp(signing.now);
    let scope =
        Scope { algorithm: *algorithm, timestamp: &timestamp, region: signing.region, service: signing.service };
    let date_header = algorithm.date_header_name();
    let headers = headers_to_sign(signing, date_header, &timestamp);
    let canonical = CanonicalRequest {
        method: request.method.as_str(),
        path: request.path,
        query: request.query.unwrap_or_default(),
        headers: &headers,
        body: request.body,
    };
    let key = algorithm.signing_key(signing.secret_key, scope.day(), scope.region, scope.service);
    let signature = mac(key.as_slice(), &scope.string_to_sign(&canonical.text()));
    let authorization = format!(
        "{} Credential={}/{}, SignedHeaders={}, Signature={}",
        algorithm.name(),
        signing.access_key,
        scope.text(),
        canonical.signed_headers(),
        hex(signature.as_slice())
    );
    Ok([(date_header, timestamp), ("authorization", authorization)])
}

fn headers_to_sign(
    signing: &SigningRequest<'_>,
    date_header: &'static str,
    timestamp: &str,
) -> Vec<(&'static str, String)> {
    let mut headers = Vec::with_capacity(3);
    if let (Algorithm::Osc4, Some(value)) = (signing.algorithm, signing.request.content_type) {
        headers.push(("content-type", canonical_value(value)));
    }
    headers.push(("host", canonical_value(signing.request.host)));
    headers.push((date_header, timestamp.to_owned()));
    headers
}

/// `YYYYMMDD'T'HHMMSS'Z'`: ISO 8601 in its basic format.
pub(super) fn timestamp(time: DateTime<Utc>) -> String {
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// Refuses what could make two different requests look the same: separators of the scope and of the header, line breaks.
fn check(signing: &SigningRequest<'_>) -> Result<(), AuthError> {
    let plain = |text: &str, separators: &[char]| {
        text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains(separators)
    };
    let name = |text: &str| !text.is_empty() && plain(text, &['/', ',', ';', '=']);
    let request = &signing.request;
    let checks = [
        ("access key", name(signing.access_key)),
        ("region", name(signing.region)),
        ("service", name(signing.service)),
        ("host", !request.host.is_empty() && plain(request.host, &['/', ','])),
        ("path", (request.path.is_empty() || request.path.starts_with('/')) && plain(request.path, &['?', '#'])),
        ("query", request.query.is_none_or(|query| plain(query, &['#']))),
        ("content type", request.content_type.is_none_or(can_carry)),
    ];
    match checks.into_iter().find(|(_, good)| !good) {
        Some((field, _)) => Err(AuthError::Signing { field }),
        None => Ok(()),
    }
}

fn value(text: &str) -> Result<HeaderValue, AuthError> {
    sensitive(text).ok_or(AuthError::Signing { field: "request" })
}

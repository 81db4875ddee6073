//! The client's side: the headers that sign a request.

use std::vec;

use chrono::{DateTime, Datelike, Timelike, Utc};
use http::header::{HeaderName, HeaderValue};
use secrecy::SecretString;

use super::Algorithm;
use super::algorithm::mac;
use super::canonical::{CanonicalRequest, Scope, canonical_value, digest_hex};
use crate::encoding::hex;
use crate::headers::{SecretHeader, can_carry};
use crate::{AUTHORIZATION, AuthError, CONTENT_TYPE, OutgoingRequest, RequestToSign};

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

/// The headers that sign a request, with values marked sensitive.
#[derive(Clone, Debug)]
pub struct SignedHeaders {
    /// `X-Osc-Date` or `X-Amz-Date`.
    pub date: (HeaderName, HeaderValue),
    /// `Authorization`.
    pub authorization: (HeaderName, HeaderValue),
    /// For the service `s3`, `X-Amz-Content-Sha256`.
    pub others: Vec<(HeaderName, HeaderValue)>,
}

impl IntoIterator for SignedHeaders {
    type Item = (HeaderName, HeaderValue);
    type IntoIter = vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        let mut headers = vec![self.date, self.authorization];
        headers.extend(self.others);
        headers.into_iter()
    }
}

/// [`SigningRequest`] in the types of a component, with what a scheme has in addition.
pub(super) struct Signing<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) access_key: &'a str,
    pub(super) secret_key: &'a SecretString,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
    pub(super) session_token: Option<&'a str>,
    pub(super) request: OutgoingRequest<'a>,
    pub(super) now: DateTime<Utc>,
}

/// The digest of the body, which S3 requires in a header.
pub(super) const CONTENT_SHA256: &str = "x-amz-content-sha256";
/// The token of a temporary key.
pub(super) const SECURITY_TOKEN: &str = "x-amz-security-token";

/// Signs a request.
///
/// OSC4 signs the headers `content-type` (when there is one), `host` and `x-osc-date`, as OUTSCALE's official Python SDK
/// does. AWS4 signs `content-type` (when there is one), `host` and all headers `x-amz-…`, as AWS documents ("Create a signed
/// AWS API request" in the AWS IAM user guide).
///
/// # Errors
///
/// When something is empty, or has a character that would make the signature ambiguous.
pub fn sign(signing: &SigningRequest<'_>) -> Result<SignedHeaders, AuthError> {
    let SigningRequest { algorithm, request, .. } = signing;
    let content_type: Option<(&str, &str)> = request.content_type.map(|value| (CONTENT_TYPE, value));
    let signed = sign_as_text(&Signing {
        algorithm: *algorithm,
        access_key: signing.access_key,
        secret_key: signing.secret_key,
        region: signing.region,
        service: signing.service,
        session_token: None,
        request: OutgoingRequest {
            method: request.method.as_str(),
            host: request.host,
            path: request.path,
            query: request.query,
            headers: content_type.as_slice(),
            body: request.body,
        },
        now: signing.now,
    })?;
    let mut signed = signed.into_iter().map(|(name, value)| SecretHeader::new(name, &value).to_http());
    let mut next = || signed.next().unwrap_or(Err(AuthError::Signing { field: "request" }));
    Ok(SignedHeaders { date: next()?, authorization: next()?, others: signed.collect::<Result<_, _>>()? })
}

/// The headers that sign a request: its date, `Authorization`, and then any others that the server needs.
pub(super) fn sign_as_text(signing: &Signing<'_>) -> Result<Vec<(&'static str, String)>, AuthError> {
    let Signing { algorithm, request, .. } = signing;
    let timestamp = timestamp(signing.now);
    let scope =
        Scope { algorithm: *algorithm, timestamp: &timestamp, region: signing.region, service: signing.service };
    check(signing, &scope)?;
    let body_digest = digest_hex(request.body);
    let mut own = vec![(algorithm.date_header_name(), timestamp.clone())];
    if scope.is_s3() {
        own.push((CONTENT_SHA256, body_digest.clone()));
    }
    if let Some(token) = signing.session_token {
        own.push((SECURITY_TOKEN, token.to_owned()));
    }
    let headers = headers_to_sign(signing, &own);
    let headers: Vec<(&str, String)> = headers.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let canonical = CanonicalRequest {
        method: request.method,
        path: &scope.canonical_path(request.path),
        query: request.query.unwrap_or_default(),
        headers: &headers,
        body_digest: &body_digest,
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
    own.insert(1, (AUTHORIZATION, authorization));
    Ok(own)
}

/// The headers to sign, sorted: `own` are those that the signature brings, which replace the request's.
fn headers_to_sign(signing: &Signing<'_>, own: &[(&'static str, String)]) -> Vec<(String, String)> {
    // Each is put in its place, see `canonical_query`.
    fn put(headers: &mut Vec<(String, String)>, name: &str, value: &str) {
        let value = canonical_value(value);
        let place = headers.partition_point(|(known, _)| known.as_str() < name);
        match headers.get_mut(place) {
            // A header that comes twice is signed with both values.
            Some((known, values)) if known == name => values.extend([",", &value]),
            _ => headers.insert(place, (name.to_owned(), value)),
        }
    }
    let mut headers = Vec::new();
    put(&mut headers, "host", signing.request.host);
    if let Some(value) = signing.request.header(CONTENT_TYPE) {
        put(&mut headers, CONTENT_TYPE, value);
    }
    for (name, value) in own {
        put(&mut headers, name, value);
    }
    if signing.algorithm == Algorithm::Aws4 {
        for (name, value) in signing.request.headers {
            let name = name.to_ascii_lowercase();
            if name.starts_with("x-amz-") && own.iter().all(|(known, _)| *known != name) {
                put(&mut headers, &name, value);
            }
        }
    }
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
fn check(signing: &Signing<'_>, scope: &Scope<'_>) -> Result<(), AuthError> {
    let plain = |text: &str, separators: &[char]| {
        text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains(separators)
    };
    let name = |text: &str| !text.is_empty() && plain(text, &['/', ',', ';', '=']);
    let request = &signing.request;
    let amz = |(name, value): &(&str, &str)| !name.to_ascii_lowercase().starts_with("x-amz-") || can_carry(value);
    let checks = [
        ("access key", name(signing.access_key)),
        ("region", name(signing.region)),
        ("service", name(signing.service)),
        ("session token", signing.session_token.is_none_or(|token| is_session_token(signing.algorithm, token))),
        ("host", !request.host.is_empty() && plain(request.host, &['/', ','])),
        ("path", is_path(request.path, scope) && plain(request.path, &['?', '#'])),
        ("query", request.query.is_none_or(|query| plain(query, &['#']))),
        ("content type", request.header(CONTENT_TYPE).is_none_or(can_carry)),
        ("header", request.headers.iter().all(amz)),
    ];
    match checks.into_iter().find(|(_, good)| !good) {
        Some((field, _)) => Err(AuthError::Signing { field }),
        None => Ok(()),
    }
}

/// OSC4 has none.
fn is_session_token(algorithm: Algorithm, token: &str) -> bool {
    algorithm == Algorithm::Aws4 && token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a path is read in one way only.
///
/// **Choice**: AWS has the client remove empty segments and those of dots before it signs, except for S3. They are refused
/// here, because the server might not read them so.
fn is_path(path: &str, scope: &Scope<'_>) -> bool {
    let Some(segments) = path.strip_prefix('/') else { return path.is_empty() };
    let ambiguous = |(at, segment): (usize, &str)| matches!(segment, "." | "..") || (segment.is_empty() && at > 0);
    scope.algorithm != Algorithm::Aws4 || scope.is_s3() || !segments.rsplit('/').enumerate().any(ambiguous)
}

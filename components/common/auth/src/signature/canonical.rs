//! The canonical request: one spelling of a request, so that the client and the server hash the same bytes.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};

use super::Algorithm;
use crate::encoding::{hex, path_encoded, percent_encoded};

pub(super) struct CanonicalRequest<'a> {
    pub(super) method: &'a str,
    /// In its canonical form, see [`Scope::canonical_path`].
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    /// The signed headers in the order of their list: lower-case names, canonical values.
    pub(super) headers: &'a [(&'a str, String)],
    /// The digest of the body, or what is signed in its place.
    pub(super) body_digest: &'a str,
}

impl CanonicalRequest<'_> {
    pub(super) fn text(&self) -> String {
        let mut headers = String::new();
        for (name, value) in self.headers {
            headers.extend([name, ":", value, "\n"]);
        }
        [self.method, self.path, &canonical_query(self.query), &headers, &self.signed_headers(), self.body_digest]
            .join("\n")
    }

    pub(super) fn signed_headers(&self) -> String {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        names.join(";")
    }
}

/// A credential scope: what a signing key is good for.
pub(super) struct Scope<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) timestamp: &'a str,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
}

impl Scope<'_> {
    /// The day of the time of signing.
    pub(super) fn day(&self) -> &str {
        self.timestamp.split('T').next().unwrap_or_default()
    }

    /// Whether the service is Amazon S3 or speaks its protocol, for which AWS has rules of its own.
    pub(super) fn is_s3(&self) -> bool {
        self.algorithm == Algorithm::Aws4 && self.service == "s3"
    }

    /// The path as it is signed: for AWS4 encoded once more than it is sent, except for S3 ("Create a signed AWS API
    /// request" in the AWS IAM user guide), for OSC4 as it is sent.
    pub(super) fn canonical_path<'p>(&self, path: &'p str) -> Cow<'p, str> {
        match path {
            "" => Cow::Borrowed("/"),
            path if self.algorithm == Algorithm::Aws4 && !self.is_s3() => Cow::Owned(path_encoded(path)),
            path => Cow::Borrowed(path),
        }
    }

    pub(super) fn text(&self) -> String {
        [self.day(), self.region, self.service, self.algorithm.terminator()].join("/")
    }

    pub(super) fn string_to_sign(&self, canonical_request: &str) -> String {
        [self.algorithm.name(), self.timestamp, &self.text(), &digest_hex(canonical_request.as_bytes())].join("\n")
    }
}

/// A header value without outer white space, and with one space for each run of spaces.
pub(super) fn canonical_value(value: &str) -> String {
    value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// The parameters in one encoding, sorted by name and then by value.
///
/// A `+` is read as a space, as in aws/smithy-go, whose signer OUTSCALE's Go SDK uses.
fn canonical_query(query: &str) -> String {
    // Each is put in its place: they are few, and code that sorts many is code that components would carry.
    let mut parameters: Vec<(String, String)> = Vec::new();
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let parameter = (recode(name), recode(value));
        let place = parameters.partition_point(|known| *known <= parameter);
        parameters.insert(place, parameter);
    }
    parameters.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn recode(text: &str) -> String {
    let text = text.replace('+', " ");
    let bytes: Cow<'_, [u8]> = percent_decode_str(&text).into();
    percent_encoded(&bytes).to_string()
}

/// The SHA-256 digest in hexadecimal. Not inlined: components carry this code once.
#[inline(never)]
pub(super) fn digest_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

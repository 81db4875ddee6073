//! The canonical request: one spelling of a request, so that the client and the server hash the same bytes.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};

use super::Algorithm;

pub(super) struct CanonicalRequest<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    /// The signed headers in the order of their list: lower-case names, canonical values.
    pub(super) headers: &'a [(&'a str, String)],
    pub(super) body: &'a [u8],
}

impl CanonicalRequest<'_> {
    pub(super) fn text(&self) -> String {
        let path = if self.path.is_empty() { "/" } else { self.path };
        let mut headers = String::new();
        for (name, value) in self.headers {
            headers.extend([name, ":", value, "\n"]);
        }
        [self.method, path, &canonical_query(self.query), &headers, &self.signed_headers(), &digest_hex(self.body)]
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
    /// All but the unreserved characters of RFC 3986 section 2.3.
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let text = text.replace('+', " ");
    let bytes: Cow<'_, [u8]> = percent_decode_str(&text).into();
    percent_encode(&bytes, ENCODED).to_string()
}

/// The SHA-256 digest in hexadecimal. Not inlined, here and below: components carry this code once.
#[inline(never)]
fn digest_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[inline(never)]
pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

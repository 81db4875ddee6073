//! Where the answers of vendors hold secrets, and how they are taken out: one file for each form of answer.
//!
//! Each form is read strictly and written anew from what was read, so that nothing passes that was not looked at: a
//! member that stands twice, say, or a comment.

mod form;
mod json;
pub(crate) mod wipe;
mod xml;

use bytes::Bytes;
use http::HeaderMap;
use keywright_egress::{AnswerLocation, SecretLocation};

/// Keeps a value that stands at a location, and says what is to stand there instead; none when it cannot be kept.
pub(crate) type Keep<'k> = dyn FnMut(&SecretLocation, &str) -> Option<String> + 'k;

/// Why an answer is withheld from the adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// Takes the secrets out of headers and body.
///
/// # Errors
///
/// When the answer cannot be read, or a value cannot be kept: then it may hold a secret anywhere.
pub(crate) fn capture(
    locations: &[SecretLocation],
    headers: &mut HeaderMap,
    body: &Bytes,
    keep: &mut Keep<'_>,
) -> Result<Bytes, Unreadable> {
    for location in locations {
        let AnswerLocation::Header(name) = &location.location else { continue };
        for value in headers.get_all(name).iter().cloned().collect::<Vec<_>>() {
            let text = value.to_str().map_err(|_| Unreadable)?;
            let kept = keep(location, text).ok_or(Unreadable)?;
            headers.remove(name);
            headers.append(name, kept.parse().map_err(|_| Unreadable)?);
        }
    }
    let of = |is: fn(&AnswerLocation) -> bool| -> Vec<&SecretLocation> {
        locations.iter().filter(|location| is(&location.location)).collect()
    };
    let json = of(|location| matches!(location, AnswerLocation::Json(_) | AnswerLocation::EmbeddedJson { .. }));
    let xml = of(|location| matches!(location, AnswerLocation::Xml(_)));
    let form = of(|location| matches!(location, AnswerLocation::Form(_)));
    let text = of(|location| matches!(location, AnswerLocation::Text));
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(body.clone());
    }
    if !json.is_empty() {
        return json::capture(&json, body, keep);
    }
    if !xml.is_empty() {
        return xml::capture(&xml, body, keep);
    }
    if !form.is_empty() {
        return form::capture(&form, body, keep);
    }
    if let Some(location) = text.first() {
        let text = std::str::from_utf8(body).map_err(|_| Unreadable)?;
        return keep(location, text.trim()).map(Bytes::from).ok_or(Unreadable);
    }
    Ok(body.clone())
}

/// The text without a byte order mark, which some writers put before JSON and XML.
fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

//! Forms: `application/x-www-form-urlencoded`.

use bytes::Bytes;
use keywright_egress::{AnswerLocation, SecretLocation};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use zeroize::Zeroizing;

use super::{Keep, Unreadable, without_bom};

pub(super) fn capture(locations: &[&SecretLocation], body: &[u8], keep: &mut Keep<'_>) -> Result<Bytes, Unreadable> {
    let text = std::str::from_utf8(without_bom(body)).map_err(|_| Unreadable)?.trim();
    if text.contains(|character: char| character.is_whitespace() || matches!(character, '<' | '>' | '{' | '"')) {
        return Err(Unreadable);
    }
    let mut written = String::with_capacity(text.len());
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or(Unreadable)?;
        let (name, mut value) = (decode(name)?, Zeroizing::new(decode(value)?));
        for location in locations {
            if matches!(&location.location, AnswerLocation::Form(field) if *field == name) && !value.is_empty() {
                value = Zeroizing::new(keep(location, &value).ok_or(Unreadable)?);
            }
        }
        if !written.is_empty() {
            written.push('&');
        }
        written.extend(utf8_percent_encode(&name, NON_ALPHANUMERIC));
        written.push('=');
        written.extend(utf8_percent_encode(&value, NON_ALPHANUMERIC));
    }
    Ok(written.into())
}

fn decode(text: &str) -> Result<String, Unreadable> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| Unreadable)
}

//! Spellings of bytes and text: hexadecimal, percent-encoding, forms.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode, utf8_percent_encode};
use secrecy::zeroize::Zeroizing;

/// All but the unreserved characters of RFC 3986 section 2.3.
const ALL_BUT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Lower-case hexadecimal. Not inlined, here and below: components carry this code once.
#[inline(never)]
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

/// The bytes of hexadecimal in either case, or nothing when it is not hexadecimal.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    pairs.iter().map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?)).collect()
}

/// Base64 (RFC 4648 section 4). Written plainly: the crate's encoder, which is made for speed, is several kilobytes of each
/// component.
#[inline(never)]
pub(crate) fn base64(bytes: &[u8]) -> Zeroizing<String> {
    base64_with(bytes, b'+', b'/', true)
}

/// Base64 with the alphabet for URLs and without padding (RFC 4648 section 5).
pub(crate) fn base64_url(bytes: &[u8]) -> Zeroizing<String> {
    base64_with(bytes, b'-', b'_', false)
}

#[inline(never)]
fn base64_with(bytes: &[u8], value_62: u8, value_63: u8, pad: bool) -> Zeroizing<String> {
    let digit = |value: u32| {
        let value = (value & 0x3f) as u8;
        char::from(match value {
            0..26 => b'A' + value,
            26..52 => b'a' + value - 26,
            52..62 => b'0' + value - 52,
            62 => value_62,
            _ => value_63,
        })
    };
    // Room for it all, so that growing leaves no copy behind.
    let mut encoded = Zeroizing::new(String::with_capacity(bytes.len().div_ceil(3) * 4));
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            if place <= chunk.len() {
                encoded.push(digit(bits >> (18 - 6 * place)));
            } else if pad {
                encoded.push('=');
            }
        }
    }
    encoded
}

/// Percent-encodes all but the unreserved characters of RFC 3986, as a query has them.
#[inline(never)]
pub(crate) fn percent_encoded(bytes: &[u8]) -> Zeroizing<String> {
    // Room for the longest encoding, so that growing leaves no copy behind.
    let mut encoded = Zeroizing::new(String::with_capacity(3 * bytes.len()));
    encoded.extend(percent_encode(bytes, ALL_BUT_UNRESERVED));
    encoded
}

/// [`percent_encoded`], but for the slashes.
pub(crate) fn path_encoded(path: &str) -> String {
    const ENCODED: &AsciiSet = &ALL_BUT_UNRESERVED.remove(b'/');
    utf8_percent_encode(path, ENCODED).to_string()
}

/// `application/x-www-form-urlencoded`, which RFC 6749 section 2.3.1 also requires for the client identifier and the
/// client secret before they become a user name and a password.
#[inline(never)]
pub(crate) fn form_encoded(text: &str) -> Zeroizing<String> {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b' ').remove(b'*').remove(b'-').remove(b'.').remove(b'_');
    // Room for the longest encoding, so that growing leaves no copy behind.
    let mut encoded = Zeroizing::new(String::with_capacity(3 * text.len()));
    for piece in utf8_percent_encode(text, ENCODED) {
        for (index, word) in piece.split(' ').enumerate() {
            if index > 0 {
                encoded.push('+');
            }
            encoded.push_str(word);
        }
    }
    encoded
}

/// A form: its fields in their order.
pub(crate) fn form<N: AsRef<str>, V: AsRef<str>>(fields: &[(N, V)]) -> Zeroizing<String> {
    let longest = fields.iter().map(|(name, value)| 3 * (name.as_ref().len() + value.as_ref().len()) + 2).sum();
    let mut form = Zeroizing::new(String::with_capacity(longest));
    for (name, value) in fields {
        if !form.is_empty() {
            form.push('&');
        }
        form.push_str(&form_encoded(name.as_ref()));
        form.push('=');
        form.push_str(&form_encoded(value.as_ref()));
    }
    form
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn base64_is_what_the_crate_makes_of_it(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(base64(&bytes).to_string(), STANDARD.encode(&bytes));
            prop_assert_eq!(base64_url(&bytes).to_string(), URL_SAFE_NO_PAD.encode(&bytes));
        }
    }
}

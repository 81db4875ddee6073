//! Secrets taken out of what is said.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// What stands where a secret stood.
const REDACTED: &str = "[redacted]";

/// Shorter texts are no secrets that anyone could keep, and would be found in every other word.
const SHORTEST: usize = 6;

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Finds secrets, as they are and as they are usually encoded, and takes them out.
#[derive(Clone, Debug, Default)]
pub(crate) enum Redactor {
    /// There is nothing to look for.
    #[default]
    Idle,
    /// Looks for all forms at once.
    Looking(AhoCorasick),
    /// Cannot look, so nothing may be said.
    Blind,
}

impl Redactor {
    /// A scrubber for these secrets. Empty and very short ones are not looked for.
    pub(crate) fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let secrets = secrets.into_iter().filter(|secret| secret.len() >= SHORTEST);
        let forms: BTreeSet<Vec<u8>> = secrets.flat_map(forms).collect();
        if forms.is_empty() {
            return Self::Idle;
        }
        // Of the forms that begin at one place, the longest goes. Of the kinds of automata this is quick to build, which
        // is done for every secret that is captured.
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(forms);
        automaton.map_or(Self::Blind, Self::Looking)
    }

    /// The bytes without the secrets: the same bytes, when there are none in them.
    pub(crate) fn bytes(&self, bytes: Bytes) -> Bytes {
        match self {
            Self::Looking(automaton) if automaton.is_match(&bytes[..]) => {
                automaton.replace_all_bytes(&bytes, &replacements(automaton)).into()
            }
            Self::Idle | Self::Looking(_) => bytes,
            Self::Blind => Bytes::from_static(REDACTED.as_bytes()),
        }
    }

    /// The text without the secrets.
    pub(crate) fn text(&self, text: String) -> String {
        match self {
            Self::Looking(automaton) if automaton.is_match(&text) => {
                automaton.replace_all(&text, &replacements(automaton))
            }
            Self::Idle | Self::Looking(_) => text,
            Self::Blind => REDACTED.to_owned(),
        }
    }
}

fn replacements(automaton: &AhoCorasick) -> Vec<&'static str> {
    vec![REDACTED; automaton.patterns_len()]
}

/// A secret as it is and as it is usually encoded.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let mut forms = vec![bytes.to_vec()];
    forms.extend(json(secret));
    forms.extend(base64(bytes));
    let lower: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let escaped: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
    let reserved = percent_encode(bytes, RESERVED).to_string();
    forms.extend([lower.to_uppercase(), escaped.to_uppercase(), lower_escapes(&reserved)].map(String::into_bytes));
    forms.extend([lower, escaped, reserved].map(String::into_bytes));
    forms
}

/// Percent-encoded text with its digits in lower case, as some write them.
fn lower_escapes(encoded: &str) -> String {
    let mut pieces = encoded.split('%');
    let mut lower = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        // An escape is two ASCII digits.
        let (digits, rest) = piece.split_at(2.min(piece.len()));
        lower.push('%');
        lower.push_str(&digits.to_ascii_lowercase());
        lower.push_str(rest);
    }
    lower
}

/// Within a JSON string: what must be escaped, and what some writers escape beside it.
fn json(secret: &str) -> [Vec<u8>; 3] {
    let plain = serde_json::Value::from(secret).to_string();
    let plain = plain[1..plain.len() - 1].to_owned();
    let solidus = plain.replace('/', "\\/");
    let html = plain.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    [plain, solidus, html].map(String::into_bytes)
}

/// Alone, and within a longer text that was encoded: there the secret may begin at any of three places of a group, and
/// the characters at its ends mix with its neighbours.
fn base64(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut forms: Vec<String> = [&STANDARD, &URL_SAFE].iter().map(|engine| engine.encode(secret)).collect();
    for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
        for before in 0..3 {
            let shifted = [&[0; 2][..before], secret].concat();
            let encoded = engine.encode(&shifted);
            // One byte before reaches into the second character, two into the third.
            let mixed_before = if before == 0 { 0 } else { before + 1 };
            let mixed_after = usize::from(shifted.len() % 3 != 0);
            forms.push(encoded[mixed_before..encoded.len() - mixed_after].to_owned());
        }
    }
    forms.into_iter().map(String::into_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: &str = "s3cr/t+K\"y&<>é~9";

    fn scrubbed(text: &str) -> String {
        Redactor::new([SECRET, "another-secret"]).text(text.to_owned())
    }

    fn hex(text: &str) -> String {
        text.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn a_secret_goes_in_every_form_in_which_it_is_usually_written() {
        let percent = percent_encode(SECRET.as_bytes(), NON_ALPHANUMERIC).to_string();
        let json = serde_json::to_string(SECRET).unwrap();
        for form in [
            SECRET.to_owned(),
            json.trim_matches('"').to_owned(),
            json.trim_matches('"').replace('/', "\\/"),
            STANDARD.encode(SECRET),
            STANDARD_NO_PAD.encode(SECRET),
            URL_SAFE.encode(SECRET),
            URL_SAFE_NO_PAD.encode(SECRET),
            hex(SECRET),
            hex(SECRET).to_uppercase(),
            percent_encode(SECRET.as_bytes(), RESERVED).to_string(),
            lower_escapes(&percent_encode(SECRET.as_bytes(), RESERVED).to_string()),
            SECRET.bytes().map(|byte| format!("%{byte:02X}")).collect(),
            percent.replace("%2E", ".").replace("%7E", "~"),
        ] {
            let said = scrubbed(&format!("it is {form}, they say"));
            assert!(said.starts_with("it is [redacted]"), "{form}: {said}");
            assert!(said.ends_with(", they say"), "{form}: {said}");
        }
    }

    #[test]
    fn what_holds_no_secret_is_left_as_it_is() {
        let text = "nothing to see: s3cr another-secre [redacted]";
        assert_eq!(scrubbed(text), text);
        let bytes = Bytes::from_static(b"nothing");
        assert_eq!(Redactor::new([SECRET]).bytes(bytes.clone()).as_ptr(), bytes.as_ptr());
    }

    #[test]
    fn several_secrets_and_several_places_are_found_at_once() {
        let text = format!("{SECRET} another-secret {SECRET}{SECRET}");
        assert_eq!(scrubbed(&text), "[redacted] [redacted] [redacted][redacted]");
    }

    #[test]
    fn too_short_a_secret_would_be_everywhere_and_is_not_looked_for() {
        assert_eq!(Redactor::new(["", "a", "abcde"]).text("abcde".to_owned()), "abcde");
        assert_eq!(Redactor::new(["abcdef"]).text("abcdef".to_owned()), "[redacted]");
    }

    proptest! {
        #[test]
        fn no_secret_is_left_whatever_stands_around_it(
            secret in "[ -~]{6,60}", before in "\\PC{0,8}", after in "\\PC{0,8}",
        ) {
            let redactor = Redactor::new([secret.as_str()]);
            let text = format!("{before}{secret}{after}");
            prop_assert!(!redactor.text(text.clone()).contains(&secret));
            let bytes = redactor.bytes(text.clone().into());
            prop_assert!(!String::from_utf8(bytes.to_vec()).unwrap().contains(&secret));
            // Encoded together with its neighbours, enough goes that the rest does not tell it.
            for encoded in [STANDARD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
                let left = redactor.text(encoded.clone());
                prop_assert!(left != encoded && left.contains(REDACTED), "{left}");
            }
            prop_assert!(redactor.text(hex(&text)).contains(REDACTED));
        }
    }
}

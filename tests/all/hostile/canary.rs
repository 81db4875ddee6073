//! Secrets that must be found nowhere.

use std::fmt::Write as _;

/// A secret that no other test has.
#[derive(Clone, Debug)]
pub(super) struct Canary {
    secret: String,
    forms: Vec<String>,
}

impl Canary {
    pub(super) fn new(kind: &str) -> Self {
        let secret = format!("{kind}-canary-{}", uuid::Uuid::new_v4().simple());
        let mut forms = vec![secret.clone(), secret.chars().rev().collect(), percent(&secret)];
        let hex = hex(&secret);
        forms.extend([hex.to_uppercase(), hex, percent(&secret).to_lowercase()]);
        // Alone, and at each place that it can take in a longer text.
        for before in 0..3 {
            let encoded = base64(&["\0".repeat(before), secret.clone()].concat());
            let within = encoded[4..encoded.len() - 4].to_owned();
            forms.extend([within.replace('+', "-").replace('/', "_"), within]);
        }
        Self { secret, forms }
    }

    /// The secret itself.
    pub(super) fn secret(&self) -> &str {
        &self.secret
    }

    /// Whether it is in there: as it is, backwards, or encoded in a usual way.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.forms.iter().any(|form| text.contains(form.as_str()))
    }
}

pub(super) fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |mut hex, byte| {
        let _written = write!(hex, "{byte:02x}");
        hex
    })
}

pub(super) fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        let _written = write!(escaped, "%{byte:02X}");
        escaped
    })
}

pub(super) fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for group in text.as_bytes().chunks(3) {
        let bits = group.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * place) & 63).expect("six bits");
            encoded.push(if place <= group.len() { char::from(ALPHABET[digit]) } else { '=' });
        }
    }
    encoded
}

#[test]
fn a_canary_is_found_in_every_form() {
    let canary = Canary::new("test");
    let secret = canary.secret();
    for text in [
        format!("it is {secret}."),
        secret.chars().rev().collect(),
        hex(secret),
        hex(secret).to_uppercase(),
        percent(secret),
        base64(secret),
        base64(&format!("a{secret}b")),
        base64(&format!("ab{secret}")),
    ] {
        assert!(canary.is_in(&text), "{text}");
    }
    assert!(!canary.is_in(Canary::new("test").secret()));
}

//! What of a command's output can be shown: nothing in which a secret, or a part of one, can be recognised.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

/// How many bytes of a secret in a row are too many.
const WINDOW: usize = 6;

/// How many characters are shown at most.
const MAX_SHOWN: usize = 200;

/// The end of a sentence about a failure: the last line of the output, or why it is not shown.
pub(super) fn last_words(output: &[u8], secrets: &[&SecretString]) -> String {
    let Some(line) = output.split(|byte| *byte == b'\n').rev().find(|line| !line.trim_ascii().is_empty()) else {
        return " and wrote nothing to standard error: run it by hand to see why".to_owned();
    };
    // All of it is looked at: what is not shown tells what is.
    if secrets.iter().any(|secret| is_in(secret, output)) {
        return "; what it wrote to standard error is not shown, as it has parts of a secret".to_owned();
    }
    let line = String::from_utf8_lossy(line.trim_ascii());
    let shown: String = line.chars().take(MAX_SHOWN).map(|it| if it.is_control() { ' ' } else { it }).collect();
    let more = if shown.len() < line.len() { "…" } else { "" };
    format!(": {shown}{more}")
}

/// Whether some bytes of the secret are in the output, in one of the forms in which programs write them.
fn is_in(secret: &SecretString, output: &[u8]) -> bool {
    let secret = secret.expose_secret();
    forms(secret).iter().any(|form| {
        let size = WINDOW.min(form.len());
        size > 0 && form.windows(size).any(|window| output.windows(size).any(|bytes| bytes == window))
    })
}

fn forms(secret: &str) -> Vec<Zeroizing<Vec<u8>>> {
    let hex = |digit: fn(&u8) -> String| secret.as_bytes().iter().map(digit).collect::<String>();
    let mut forms = vec![
        secret.to_owned(),
        hex(|byte| format!("{byte:02x}")),
        hex(|byte| format!("{byte:02X}")),
        serde_json::Value::from(secret).to_string().trim_matches('"').to_owned(),
    ];
    // In base64 a byte looks different at each of three places, and the ends depend on what is around them.
    for padding in 0..3 {
        let padded = Zeroizing::new([&[0; 2][..padding], secret.as_bytes()].concat());
        for encoded in [STANDARD.encode(&*padded), URL_SAFE.encode(&*padded)] {
            let encoded = Zeroizing::new(encoded);
            let encoded = encoded.trim_end_matches('=');
            let (start, end) = ([0, 2, 3][padding], encoded.len().saturating_sub(1));
            forms.push(encoded.get(start..end).unwrap_or_default().to_owned());
        }
    }
    forms.into_iter().map(|form| Zeroizing::new(form.into_bytes())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "5f6e7d8c-9bab/4cad+\"x";

    fn shown(output: &str) -> String {
        last_words(output.as_bytes(), &[&SECRET.into(), &"".into()])
    }

    #[test]
    fn the_last_line_is_shown() {
        assert_eq!(shown("first\nno such host\n\n"), ": no such host");
        assert_eq!(shown("a\u{1b}[31mb"), ": a [31mb");
        assert!(shown("").contains("wrote nothing"));
        assert!(shown(&"x y ".repeat(100)).ends_with('…'));
    }

    #[test]
    fn no_form_of_a_secret_is_shown() {
        let json = serde_json::to_string(SECRET).unwrap();
        let hex: String = SECRET.bytes().map(|byte| format!("{byte:02X}")).collect();
        for form in [
            SECRET,
            &SECRET[3..10],
            &json,
            &hex,
            &STANDARD.encode(SECRET),
            &STANDARD.encode(format!("u:{SECRET}@")),
            &STANDARD.encode(format!("user:{SECRET}")),
            &URL_SAFE.encode(format!("me:{SECRET}")),
        ] {
            let shown = shown(&format!("cannot log in with {form}\nretry later"));
            assert!(shown.contains("is not shown"), "{form}: {shown}");
        }
    }
}

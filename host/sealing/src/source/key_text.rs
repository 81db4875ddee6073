//! The text form of a key: `keywright-key-1:` and its 32 bytes in base64, in one line.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, ExposeSecretMut as _};

use super::KeySourceError;
use crate::Key;

const FAMILY: &[u8] = b"keywright-key-";
const VERSION: &[u8] = b"1";

/// The longest file that is looked at, in bytes: what is longer is something else.
pub(super) const MAX_LENGTH: usize = 4096;

/// The text of a key, with its line break.
pub(super) fn write(key: &Key) -> Zeroizing<Vec<u8>> {
    let mut encoded = Zeroizing::new([0; 44]);
    let mut text = Zeroizing::new(Vec::with_capacity(64));
    text.extend_from_slice(&[FAMILY, VERSION, b":"].concat());
    // 32 bytes are 44 characters, so this fits.
    if let Ok(length) = STANDARD.encode_slice(key.expose_secret(), &mut *encoded) {
        text.extend_from_slice(&encoded[..length]);
    }
    text.push(b'\n');
    text
}

/// The key that the content of this file is the text of. A line break may follow it.
pub(super) fn read(path: &Path, content: &[u8]) -> Result<Key, KeySourceError> {
    let line = content.strip_suffix(b"\n").unwrap_or(content);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let path = path.to_owned();
    let Some(rest) = line.strip_prefix(FAMILY) else {
        let cut_short = FAMILY.starts_with(line);
        return Err(if cut_short { KeySourceError::Damaged { path } } else { KeySourceError::NotAKey { path } });
    };
    let Some(colon) = rest.iter().position(|byte| *byte == b':') else { return Err(KeySourceError::Damaged { path }) };
    let (version, encoded) = (&rest[..colon], &rest[colon + 1..]);
    if version != VERSION {
        let later = !version.is_empty() && version.iter().all(u8::is_ascii_digit);
        return Err(if later { KeySourceError::NewerFormat { path } } else { KeySourceError::NotAKey { path } });
    }
    // Room for any line that is looked at: were it to grow, a copy would stay behind.
    let mut decoded = Zeroizing::new(Vec::with_capacity(MAX_LENGTH));
    let mut key = Key::default();
    match STANDARD.decode_vec(encoded, &mut decoded) {
        Ok(()) if decoded.len() == key.expose_secret().len() => key.expose_secret_mut().copy_from_slice(&decoded),
        _ => return Err(KeySourceError::Damaged { path }),
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path() -> &'static Path {
        Path::new("/keys/key")
    }

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let key = Key::init_with_mut(|key| (0..).zip(key).for_each(|(value, byte)| *byte = value));
        let text = write(&key);
        assert_eq!(*text, b"keywright-key-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
        for text in [text.as_slice(), &text[..text.len() - 1], &[&text[..text.len() - 1], b"\r\n"].concat()] {
            assert_eq!(read(path(), text).unwrap().expose_secret(), key.expose_secret());
        }
    }

    #[test]
    fn what_is_not_the_text_of_a_key_is_named_as_what_it_is() {
        let damaged = KeySourceError::Damaged { path: path().to_owned() };
        let not_a_key = KeySourceError::NotAKey { path: path().to_owned() };
        let newer = KeySourceError::NewerFormat { path: path().to_owned() };
        let whole = "keywright-key-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        for length in 0..whole.len() {
            assert_eq!(read(path(), &whole.as_bytes()[..length]).unwrap_err(), damaged, "{length}");
        }
        for (text, error) in [
            ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", &not_a_key),
            ("-----BEGIN OPENSSH PRIVATE KEY-----", &not_a_key),
            (" keywright-key-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", &not_a_key),
            ("keywright-key-x:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", &not_a_key),
            ("keywright-key-2:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", &newer),
            ("keywright-key-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=", &damaged),
            ("keywright-key-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n", &damaged),
            ("keywright-key-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= ", &damaged),
            ("keywright-key-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISI=", &damaged),
        ] {
            assert_eq!(read(path(), text.as_bytes()).unwrap_err(), *error, "{text}");
        }
    }
}

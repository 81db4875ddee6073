//! Percent-encoding, read strictly: text that two readers could decode differently is an error.

use std::fmt::Write as _;

/// One decoded character, and whether it stood there percent-encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Character {
    pub(crate) value: char,
    pub(crate) encoded: bool,
}

/// The text is not percent-encoded UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The characters of a percent-encoded text. Anything outside ASCII has to be encoded, as UTF-8 in its shortest form.
///
/// Does not allocate, and ends after the first error.
#[derive(Clone)]
pub(crate) struct Characters<'t> {
    rest: &'t [u8],
    plus_is_space: bool,
}

impl<'t> Characters<'t> {
    /// Of a path, where `+` is a plus sign.
    pub(crate) fn of(text: &'t str) -> Self {
        Self { rest: text.as_bytes(), plus_is_space: false }
    }

    /// Of a query or a form, where `+` is a space (`application/x-www-form-urlencoded`).
    pub(crate) fn of_form(text: &'t str) -> Self {
        Self { rest: text.as_bytes(), plus_is_space: true }
    }

    fn encoded_byte(&mut self) -> Option<u8> {
        let [b'%', high, low, rest @ ..] = self.rest else { return None };
        let byte = hexadecimal(*high)? << 4 | hexadecimal(*low)?;
        self.rest = rest;
        Some(byte)
    }

    fn encoded(&mut self) -> Option<char> {
        let mut bytes = [self.encoded_byte()?, 0, 0, 0];
        let length = match bytes[0] {
            ..0x80 => 1,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return None,
        };
        for byte in &mut bytes[1..length] {
            *byte = self.encoded_byte()?;
        }
        // Overlong forms and surrogates are not UTF-8.
        std::str::from_utf8(&bytes[..length]).ok()?.chars().next()
    }
}

impl Iterator for Characters<'_> {
    type Item = Result<Character, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let (first, rest) = self.rest.split_first()?;
        let (value, encoded) = match first {
            b'%' => (self.encoded(), true),
            _ => {
                self.rest = rest;
                let value = if self.plus_is_space && *first == b'+' { b' ' } else { *first };
                (first.is_ascii().then_some(char::from(value)), false)
            }
        };
        match value {
            Some(value) => Some(Ok(Character { value, encoded })),
            None => {
                self.rest = &[];
                Some(Err(Malformed))
            }
        }
    }
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// A set of ASCII characters, which is quick to look up.
pub(crate) struct Plain([bool; 128]);

impl Plain {
    /// Letters, digits and these characters.
    pub(crate) const fn alphanumeric_and(others: &[u8]) -> Self {
        let mut set = [false; 128];
        let mut at = 0;
        while at < set.len() {
            #[allow(clippy::cast_possible_truncation, reason = "there are 128 of them")]
            let byte = at as u8;
            set[at] = byte.is_ascii_alphanumeric();
            at += 1;
        }
        let mut at = 0;
        while at < others.len() {
            set[others[at] as usize] = true;
            at += 1;
        }
        Self(set)
    }

    pub(crate) fn contains(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte)).copied().unwrap_or(false)
    }

    pub(crate) fn contains_character(&self, character: char) -> bool {
        u8::try_from(character).is_ok_and(|byte| self.contains(byte))
    }

    /// Whether all of a text is in the set.
    pub(crate) fn contains_all(&self, text: &str) -> bool {
        text.bytes().all(|byte| self.contains(byte))
    }
}

/// Whether a character has no meaning of its own anywhere in a URL, so that encoding it changes nothing (RFC 3986 section
/// 2.3).
pub(crate) fn is_unreserved(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_' | '~')
}

/// Writes a character percent-encoded.
pub(crate) fn encode(out: &mut String, character: char) {
    let mut bytes = [0; 4];
    for byte in character.encode_utf8(&mut bytes).bytes() {
        // Writing to a string does not fail.
        let _ = write!(out, "%{byte:02X}");
    }
}

/// A text in which all but the characters that `plain` names is percent-encoded.
pub(crate) fn encode_unless(text: &str, plain: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match plain(character) {
            true => out.push(character),
            false => encode(&mut out, character),
        }
    }
    out
}

/// The same text in the normal form of RFC 3986 section 6.2.2: unreserved characters stand as themselves, encodings are in
/// capitals. What a server may tell apart, such as `,` and `%2C`, stays as it was.
pub(crate) fn normalise(out: &mut String, characters: Characters<'_>) -> Result<(), Malformed> {
    for character in characters {
        let Character { value, encoded } = character?;
        // The space of a form, `+`, and what RFC 3986 has no place for.
        let unsafe_raw = matches!(value, ' ' | '[' | ']');
        if is_unreserved(value) || (!encoded && !unsafe_raw) {
            out.push(value);
        } else {
            encode(out, value);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(text: &str) -> Option<String> {
        Characters::of(text).map(|character| character.ok().map(|character| character.value)).collect()
    }

    #[test]
    fn only_shortest_utf8_is_decoded() {
        for (text, expected) in [
            ("a%20b", Some("a b")),
            ("caf%C3%a9", Some("café")),
            ("%F0%9F%94%91", Some("🔑")),
            ("%c0%ae", None),
            ("%e0%80%ae", None),
            ("%ed%a0%80", None),
            ("%f4%90%80%80", None),
            ("%C3", None),
            ("%C3a", None),
            ("%A9", None),
            ("%", None),
            ("%4", None),
            ("%zz", None),
            ("%+1", None),
            ("é", None),
        ] {
            assert_eq!(decoded(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_normal_form_keeps_what_a_server_may_tell_apart() {
        let mut out = String::new();
        normalise(&mut out, Characters::of_form("a%2cb,c+d%20%7e%41[x]%c3%A9")).unwrap();
        assert_eq!(out, "a%2Cb,c%20d%20~A%5Bx%5D%C3%A9");
    }

    proptest! {
        #[test]
        fn any_text_comes_back_from_its_encoding(text in ".{0,20}") {
            prop_assert_eq!(decoded(&encode_unless(&text, is_unreserved)), Some(text));
        }

        #[test]
        fn the_normal_form_is_its_own(text in "([a-z+,@]|%2[0-9a-fA-F]|%C3%A9){0,12}") {
            let (mut once, mut twice) = (String::new(), String::new());
            normalise(&mut once, Characters::of_form(&text)).unwrap();
            normalise(&mut twice, Characters::of_form(&once)).unwrap();
            prop_assert_eq!(once, twice);
        }
    }
}

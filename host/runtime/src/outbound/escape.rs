//! Texts as their readers take them: with percent-escapes, JSON escapes or XML references read.
//!
//! A writer may escape any character of a secret and leave any other, so that no list of forms holds them all.

/// A way of writing characters as others.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Escape {
    /// `%2B` (RFC 3986 section 2.1).
    Percent,
    /// `\u002b` and `\n` (RFC 8259 section 7).
    Json,
    /// `&#43;` and `&amp;` (XML 1.0 section 4.1).
    Xml,
}

/// What an escape stands for.
enum Unit {
    Byte(u8),
    Character(char),
}

/// A text as it is read, and where in the text each byte of that began.
pub(crate) struct Reading {
    pub(crate) bytes: Vec<u8>,
    /// One more than the bytes: the last is the end of the text.
    pub(crate) starts: Vec<usize>,
}

impl Reading {
    /// None when the text has no such escape, and is read as it stands.
    pub(crate) fn of(text: &[u8], escape: Escape) -> Option<Self> {
        let mut at = memchr::memchr(escape.mark(), text)?;
        let mut reading = Self { bytes: text[..at].to_vec(), starts: (0..at).collect() };
        while let Some(byte) = text.get(at) {
            let read = if *byte == escape.mark() { escape.read(&text[at..]) } else { None };
            let (unit, length) = read.unwrap_or((Unit::Byte(*byte), 1));
            match unit {
                Unit::Byte(byte) => reading.bytes.push(byte),
                Unit::Character(character) => {
                    reading.bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
            reading.starts.resize(reading.bytes.len(), at);
            at += length;
        }
        reading.starts.push(text.len());
        Some(reading)
    }
}

impl Escape {
    pub(crate) const ALL: [Self; 3] = [Self::Percent, Self::Json, Self::Xml];

    /// What every escape of this kind begins with.
    fn mark(self) -> u8 {
        match self {
            Self::Percent => b'%',
            Self::Json => b'\\',
            Self::Xml => b'&',
        }
    }

    /// Reads the escape at the start of a text, if there is one: what it stands for, and its length.
    fn read(self, text: &[u8]) -> Option<(Unit, usize)> {
        match self {
            Self::Percent => Some((Unit::Byte(u8::try_from(number(text.get(1..3)?, 16)?).ok()?), 3)),
            Self::Json => json(text).map(|(character, length)| (Unit::Character(character), length)),
            Self::Xml => xml(text).map(|(character, length)| (Unit::Character(character), length)),
        }
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    // `from_str_radix` takes a sign, too.
    digits.chars().all(|digit| digit.is_digit(radix)).then(|| u32::from_str_radix(digits, radix).ok())?
}

fn json(text: &[u8]) -> Option<(char, usize)> {
    let character = match text.get(1)? {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(text),
        // JavaScript's strings escape this one too.
        other @ (b'"' | b'\\' | b'/' | b'\'') => char::from(*other),
        _ => return None,
    };
    Some((character, 2))
}

/// `\uXXXX`, or two of them that are one character.
fn unicode(text: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| u16::try_from(number(text.get(at + 2..at + 6)?, 16)?).ok();
    let first = unit(0)?;
    if let Some(character) = char::from_u32(first.into()) {
        return Some((character, 6));
    }
    let second = text[6..].starts_with(b"\\u").then(|| unit(6))??;
    let character = char::decode_utf16([first, second]).next()?.ok()?;
    Some((character, 12))
}

fn xml(text: &[u8]) -> Option<(char, usize)> {
    /// The longest there are, with zeros in front: `&#x0010FFFF;`.
    const LONGEST: usize = 12;
    let end = text.iter().take(LONGEST).position(|byte| *byte == b';')?;
    let character = match &text[1..end] {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
        [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
        _ => return None,
    };
    Some((character, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, escape: Escape) -> Option<String> {
        Reading::of(text.as_bytes(), escape).map(|reading| String::from_utf8(reading.bytes).unwrap())
    }

    #[test]
    fn escapes_are_read_and_what_is_none_stands_as_it_is() {
        for (escape, text, expected) in [
            (Escape::Percent, "a%2Bb%2b%C3%A9 100% %zz %+1 %", "a+b+é 100% %zz %+1 %"),
            (
                Escape::Json,
                r#"a\u002b\n\/\"\\\' \u00e9 \ud83d\ude00 \ud83d \x \u12"#,
                "a+\n/\"\\' é 😀 \\ud83d \\x \\u12",
            ),
            (
                Escape::Xml,
                "a&#43;&#x2b;&amp;&lt;&gt;&quot;&apos; &nbsp; &#; & &#x110000;",
                "a++&<>\"' &nbsp; &#; & &#x110000;",
            ),
        ] {
            assert_eq!(read(text, escape).as_deref(), Some(expected));
        }
        for escape in Escape::ALL {
            assert_eq!(read("nothing to read", escape), None);
        }
    }

    proptest! {
        #[test]
        fn every_byte_read_has_its_place_in_the_text(text in "[%u0-9a-fA-F&#x;\\\\é ]{0,40}") {
            for escape in Escape::ALL {
                let Some(reading) = Reading::of(text.as_bytes(), escape) else { continue };
                prop_assert_eq!(reading.starts.len(), reading.bytes.len() + 1);
                prop_assert!(reading.starts.is_sorted());
                prop_assert_eq!(reading.starts.last(), Some(&text.len()));
            }
        }
    }
}

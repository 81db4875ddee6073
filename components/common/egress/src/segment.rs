//! Segments of requests' paths, read strictly.

use crate::percent::{Character, Characters, Plain};

/// What a request's segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SegmentKind {
    /// It has one reading.
    Plain,
    /// It has an encoded slash, which some servers take for one that parts segments.
    EncodedSlash,
}

/// Reads a segment. None when readers could take it for different ones: when it is empty or a dot segment, also between
/// encoded slashes, or has characters that are not plainly those of a segment.
pub(crate) fn read(segment: &str) -> Option<SegmentKind> {
    if RAW.contains_all(segment) {
        return (!matches!(segment, "" | "." | "..")).then_some(SegmentKind::Plain);
    }
    let mut kind = SegmentKind::Plain;
    // Of what stands between two slashes: its length, and whether it is made of dots.
    let (mut length, mut dots) = (0_usize, true);
    for character in Characters::of(segment) {
        let Character { value, encoded } = character.ok()?;
        if encoded && value == '/' {
            if is_dot_segment(length, dots) {
                return None;
            }
            (kind, length, dots) = (SegmentKind::EncodedSlash, 0, true);
            continue;
        }
        // An encoded dot is a dot to some only, so that what follows the slash can be judged by what is plain.
        if !(if encoded { value != '.' && is_harmless(value) } else { is_raw(value) }) {
            return None;
        }
        length += 1;
        dots &= value == '.';
    }
    (!is_dot_segment(length, dots)).then_some(kind)
}

fn is_dot_segment(length: usize, dots: bool) -> bool {
    length == 0 || (dots && length <= 2)
}

/// Whether a request's segment has one reading, and that not with a slash in it.
pub(crate) fn is_plain(segment: &str) -> bool {
    read(segment) == Some(SegmentKind::Plain)
}

/// Whether a decoded text can be one plain segment.
pub(crate) fn is_plain_text(text: &str) -> bool {
    !text.is_empty() && text != "." && text != ".." && text.chars().all(is_harmless)
}

/// What may stand in a path as it is: `pchar` of RFC 3986 without `;`, which some servers take for the start of parameters.
const RAW: Plain = Plain::alphanumeric_and(b"-._~!$&'()*+,=:@");

/// Whether a character may stand in a path as it is.
pub(crate) fn is_raw(character: char) -> bool {
    RAW.contains_character(character)
}

/// Whether nobody takes a character for one that parts or ends a path, and it shows as what it is.
fn is_harmless(character: char) -> bool {
    match character {
        '/' | '\\' | '%' | ';' | '?' | '#' => false,
        // Fraction, division and big slashes; dots of other widths and scripts; and full-width forms of the above.
        '\u{2044}' | '\u{2215}' | '\u{29f8}' | '\u{2216}' | '\u{29f5}' | '\u{29f9}' | '\u{fe68}' => false,
        '\u{2024}'..='\u{2026}' | '\u{3002}' | '\u{fe12}' | '\u{fe19}' | '\u{fe30}' | '\u{fe52}' | '\u{ff61}' => false,
        '\u{2047}'..='\u{2049}' | '\u{fe14}' | '\u{fe16}' => false,
        // Signs that Unicode's compatible forms spell with a slash.
        '\u{2100}' | '\u{2101}' | '\u{2105}' | '\u{2106}' => false,
        '\u{fe54}' | '\u{fe56}' | '\u{fe5f}' | '\u{fe6a}' | '\u{37e}' => false,
        '\u{ff03}' | '\u{ff05}' | '\u{ff0e}' | '\u{ff0f}' | '\u{ff1b}' | '\u{ff1f}' | '\u{ff3c}' => false,
        // Invisible, and what turns the direction of a text.
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => false,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}' => false,
        character => !character.is_control(),
    }
}

/// Whether a segment that was read decodes to a text.
pub(crate) fn is(segment: &str, text: &str) -> bool {
    match segment.contains('%') {
        false => segment == text,
        true => characters(segment).eq(text.chars()),
    }
}

/// Whether a segment that was read decodes to `prefix`, at least one character, and `suffix`.
pub(crate) fn is_around(segment: &str, prefix: &str, suffix: &str) -> bool {
    let Some(between) = characters(segment).count().checked_sub(prefix.chars().count() + suffix.chars().count()) else {
        return false;
    };
    let mut characters = characters(segment);
    between > 0
        && prefix.chars().all(|expected| characters.next() == Some(expected))
        && characters.skip(between).eq(suffix.chars())
}

/// What a segment that was read decodes to.
pub(crate) fn decode(segment: &str) -> String {
    characters(segment).collect()
}

fn characters(segment: &str) -> impl Iterator<Item = char> {
    Characters::of(segment).map_while(|character| character.ok().map(|character| character.value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::percent::encode_unless;

    #[test]
    fn a_segment_with_two_readings_is_refused() {
        for segment in [
            "",
            ".",
            "..",
            "%2e%2E",
            "%2e",
            "a%2e",
            "%5c",
            "%3B",
            "%3f",
            "%23",
            "%00",
            "%0a",
            "%7f",
            "%2",
            "%zz",
            "%252e",
            "a;b",
            "a b",
            "é",
            "%c0%ae",
            "%e0%80%af",
            "%ef%bc%8f",
            "%e2%84%80",
            "%ef%b8%96",
            "%ef%bc%8e",
            "%e2%80%ae",
            "%c2%9b",
            "%ef%bb%bf",
            "%ff",
        ] {
            assert_eq!(read(segment), None, "{segment}");
        }
        for segment in ["v1", "a%20b", "caf%C3%A9", "jo@example.com", "768660_5f", "768660$5f", "...", "%61", "%40"] {
            assert_eq!(read(segment), Some(SegmentKind::Plain), "{segment}");
        }
    }

    #[test]
    fn an_encoded_slash_parts_what_are_segments_themselves() {
        for segment in ["a%2fb", "group%2Fsub%2Fproject"] {
            assert_eq!(read(segment), Some(SegmentKind::EncodedSlash), "{segment}");
        }
        for segment in ["%2f", "a%2f", "%2fa", "a%2f%2fb", "a%2f..", "..%2fa", "a%2f.%2fb", "a%2F%2e%2e%2Fb"] {
            assert_eq!(read(segment), None, "{segment}");
        }
    }

    #[test]
    fn a_segment_is_compared_by_what_it_decodes_to() {
        assert!(is("k%65ys", "keys") && is("a%20b", "a b") && !is("keys", "Keys"));
        assert!(is_around("42.json", "", ".json") && is_around("users('%C3%A9')", "users('", "')"));
        for segment in [".json", "x.JSON", "json"] {
            assert!(!is_around(segment, "", ".json"), "{segment}");
        }
        assert!(!is_around("aa", "aa", "") && !is_around("aba", "ab", "ba"));
    }

    proptest! {
        #[test]
        fn a_plain_text_is_a_plain_segment_once_it_is_encoded(text in "\\PC{0,4}|[./a]{0,3}") {
            let segment = encode_unless(&text, is_raw);
            prop_assert_eq!(is_plain_text(&text), is_plain(&segment));
            if is_plain(&segment) {
                prop_assert!(is(&segment, &text));
            }
        }
    }
}

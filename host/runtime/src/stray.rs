//! Characters that are in a value by mistake: of an editor, of a shell, of a password manager's output.

use std::fmt;

/// What is wrong with a value that was meant to be a part of a credential. `Display`
/// is the rest of a sentence after the name of where the value came from, and never quotes the value.
///
/// ```
/// use keywright_runtime::Stray;
///
/// assert_eq!(Stray::find("abc\r").unwrap().to_string(), "ends with a line end");
/// assert!(Stray::find("abc").is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stray {
    /// It starts with a byte order mark.
    ByteOrderMark,
    /// It has so many lines.
    Lines(usize),
    /// It ends with a line end.
    LineEnd,
    /// It starts with a blank.
    BlankBefore,
    /// It ends with a blank.
    BlankAfter,
    /// It stands in quotes.
    Quotes,
    /// A control character, or one that is not shown: which, and at which place, counted from 1.
    Invisible(char, usize),
}

impl Stray {
    /// The first thing that is wrong with a value; none when there is none, and none with a document that may have lines: a
    /// PEM text, or a JSON object. Blanks in the middle, and characters beyond ASCII, may be in a password: whether they are
    /// in a vendor's secrets is for the pattern of the part to say.
    pub fn find(value: &str) -> Option<Self> {
        if value.starts_with('\u{feff}') {
            return Some(Self::ByteOrderMark);
        }
        if is_document(value) {
            return None;
        }
        let is_line_end = |character| matches!(character, '\n' | '\r');
        let trimmed = value.trim_end_matches(is_line_end);
        let lines = trimmed.split(is_line_end).filter(|line| !line.is_empty()).count();
        if lines > 1 {
            return Some(Self::Lines(lines));
        }
        if trimmed.len() < value.len() {
            return Some(Self::LineEnd);
        }
        if value.starts_with(char::is_whitespace) {
            return Some(Self::BlankBefore);
        }
        if value.ends_with(char::is_whitespace) {
            return Some(Self::BlankAfter);
        }
        let mut characters = value.chars();
        if let (Some(first @ ('"' | '\'' | '`')), Some(last)) = (characters.next(), characters.next_back())
            && first == last
        {
            return Some(Self::Quotes);
        }
        let invisible = value.chars().enumerate().find(|(_, character)| is_invisible(*character));
        invisible.map(|(at, character)| Self::Invisible(character, at + 1))
    }
}

impl fmt::Display for Stray {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = |character: char| format!("U+{:04X}", u32::from(character));
        match self {
            Self::ByteOrderMark => formatter.write_str("starts with a byte order mark"),
            Self::Lines(lines) => write!(formatter, "has {lines} lines, where one is the value"),
            Self::LineEnd => formatter.write_str("ends with a line end"),
            Self::BlankBefore => formatter.write_str("starts with a blank"),
            Self::BlankAfter => formatter.write_str("ends with a blank"),
            Self::Quotes => formatter.write_str("stands in quotes"),
            Self::Invisible(character, at) => {
                write!(formatter, "has an invisible character ({}) at place {at}", code(*character))
            }
        }
    }
}

/// Texts that have lines by their nature: keys and certificates in PEM, and the key files of some vendors in JSON.
fn is_document(value: &str) -> bool {
    value.starts_with("-----BEGIN ") || (value.starts_with('{') && value.trim_end().ends_with('}'))
}

/// Control and format characters, fillers, and selectors of variants: nobody sees them in an editor.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_an_editor_or_a_shell_leaves_is_named() {
        for (value, says) in [
            ("\u{feff}abc", "starts with a byte order mark"),
            ("abc\n", "ends with a line end"),
            ("abc\r", "ends with a line end"),
            ("abc\n\n", "ends with a line end"),
            ("abc\nuser: me", "has 2 lines, where one is the value"),
            (" abc", "starts with a blank"),
            ("abc ", "ends with a blank"),
            ("abc\t", "ends with a blank"),
            ("abc\u{a0}", "ends with a blank"),
            ("\"abc\"", "stands in quotes"),
            ("'abc'", "stands in quotes"),
            ("ab\u{200b}c", "has an invisible character (U+200B) at place 3"),
            ("ab\u{7f}c", "has an invisible character (U+007F) at place 3"),
            ("abc\u{0}", "has an invisible character (U+0000) at place 4"),
            ("a\u{e0041}c", "has an invisible character (U+E0041) at place 2"),
        ] {
            assert_eq!(Stray::find(value).map(|stray| stray.to_string()).as_deref(), Some(says), "{value:?}");
        }
    }

    #[test]
    fn what_a_credential_may_be_is_left_alone() {
        let key = "-----BEGIN PRIVATE KEY-----\nMII\n-----END\n";
        for value in ["abc", "a'b\"c", "1$abc/+=_-", key, "{\"a\": 1}\n", "", "two words", "passwörd"] {
            assert_eq!(Stray::find(value), None, "{value:?}");
        }
    }
}

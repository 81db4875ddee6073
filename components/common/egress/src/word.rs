//! The words of a rule's line: parted by spaces, and JSON strings in double quotes.

use crate::rule_error::RuleError;

/// A word as it stands in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Word<'l> {
    Bare(&'l str),
    /// What stood in quotes, without those and its escapes.
    Quoted(String),
}

impl<'l> Word<'l> {
    /// The word, when it is not in quotes.
    pub(crate) fn bare(&self) -> Option<&'l str> {
        match self {
            Self::Bare(word) => Some(word),
            Self::Quoted(_) => None,
        }
    }

    /// The text that the word stands for, in quotes or not.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Bare(word) => word,
            Self::Quoted(text) => text,
        }
    }
}

/// The words of a line.
pub(crate) fn split(line: &str) -> Result<Vec<Word<'_>>, RuleError> {
    let mut words = Vec::new();
    let mut rest = line.trim_ascii_start();
    while !rest.is_empty() {
        let (word, after) = rest.split_at(length(rest));
        words.push(match word.starts_with('"') {
            true => Word::Quoted(serde_json::from_str(word).map_err(|_| RuleError::string(word))?),
            false => Word::Bare(word),
        });
        rest = after.trim_ascii_start();
    }
    Ok(words)
}

/// The line up to a `#` that starts a word. Within a word, a `#` is a part of it.
pub(crate) fn without_comment(line: &str) -> &str {
    let mut rest = line.trim_ascii_start();
    while !rest.is_empty() {
        if rest.starts_with('#') {
            return &line[..line.len() - rest.len()];
        }
        rest = rest[length(rest)..].trim_ascii_start();
    }
    line
}

/// How long the word is that a text starts with. One in quotes holds spaces too; where its quote does not end, it is the
/// rest of the text.
fn length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut quoted = bytes.first() == Some(&b'"');
    let mut at = usize::from(quoted);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if quoted => at += 1,
            b'"' => quoted = false,
            byte if byte.is_ascii_whitespace() && !quoted => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Whether a text can stand in a line without quotes.
pub(crate) fn is_bare(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'|' | b'#'))
}

/// A text as a JSON string of ASCII characters.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            ' '..='~' => out.push(character),
            _ => {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_parted_by_spaces_and_not_within_quotes() {
        let words = split(r#" a  b="c d" "e \" f"	"\u00e9" "#).unwrap();
        let expected = [
            Word::Bare("a"),
            Word::Bare("b=\"c"),
            Word::Bare("d\""),
            Word::Quoted("e \" f".to_owned()),
            Word::Quoted("é".to_owned()),
        ];
        assert_eq!(words, expected);
    }

    #[test]
    fn a_string_that_does_not_end_or_goes_on_is_an_error() {
        for line in [r#"a "b"#, r#""b"c"#, r#""\x""#, r#""\ud800""#, "\"a\tb\""] {
            assert!(split(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_comment_starts_with_a_word() {
        for (line, rule) in [
            ("# a", ""),
            ("a # b", "a "),
            ("a#b", "a#b"),
            (r#"a "b # c" # d"#, r#"a "b # c" "#),
            (r#"a "b # c"#, r#"a "b # c"#),
        ] {
            assert_eq!(without_comment(line), rule);
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back_from_its_quotes(text in any::<String>()) {
            let line = quoted(&text);
            prop_assert!(line.is_ascii());
            prop_assert_eq!(without_comment(&line), &line);
            prop_assert_eq!(split(&line).unwrap(), [Word::Quoted(text)]);
        }
    }
}

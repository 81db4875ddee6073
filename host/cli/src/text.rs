//! Text from elsewhere, made fit for one line of a terminal.

use std::fs;
use std::path::Path;

use keywright_descriptor::is_unprintable;

/// The byte order mark.
const MARK: char = '\u{feff}';

/// Bytes of a file or of standard input as text: UTF-8, as it is, byte order mark included.
///
/// # Errors
///
/// The rest of a sentence that names the encoding, where it is another one.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, &'static str> {
    let has_zeros = |remainder| bytes.len() > 1 && bytes.iter().skip(remainder).step_by(2).any(|byte| *byte == 0);
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || (has_zeros(0) != has_zeros(1)) {
        return Err("is UTF-16, as some editors and PowerShell write it: save it as UTF-8");
    }
    String::from_utf8(bytes).map_err(|_| "is not UTF-8 text: save it as UTF-8")
}

/// As [`decode`], without the byte order mark that some editors write before a text.
pub(crate) fn decode_document(bytes: Vec<u8>) -> Result<String, &'static str> {
    let mut text = decode(bytes)?;
    if text.starts_with(MARK) {
        text.drain(..MARK.len_utf8());
    }
    Ok(text)
}

/// The text of a file, without a byte order mark.
///
/// # Errors
///
/// The rest of a sentence after the name of the file.
pub(crate) fn read_document(file: &Path) -> Result<String, String> {
    let bytes = fs::read(file).map_err(|error| format!("cannot be read ({error})"))?;
    decode_document(bytes).map_err(str::to_owned)
}

/// On one line, and without what could steer a terminal, turn the direction of the text or hide in it. Runs of white space
/// become one space; what cannot be shown is escaped.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        escape(word, &mut line);
    }
    line
}

/// The same of a text of several lines, which stay lines.
pub(crate) fn lines(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            shown.push('\n');
        }
        escape(line, &mut shown);
    }
    shown
}

fn escape(text: &str, shown: &mut String) {
    for character in text.chars() {
        if is_unprintable(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
}

/// A JSON document with the same characters escaped as JSON escapes them: it says the same, and shows what it says. They
/// can stand in its strings only, except the line breaks of an indented one.
pub(crate) fn json(document: &str) -> String {
    let mut shown = String::with_capacity(document.len());
    for character in document.chars() {
        if character != '\n' && is_unprintable(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            shown.push(character);
        }
    }
    shown
}

/// At most so many characters of a text, and how many more there are.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}… ({} more characters)", &text[..end], text[end..].chars().count()),
    }
}

/// Breaks `text` between words into lines of at most `width` characters; a longer word has a line of its own.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in one_line(text).split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `a`, `a and b`, `a, b and c`: with `word` before the last.
pub(crate) fn series<S: AsRef<str>>(items: impl IntoIterator<Item = S>, word: &str) -> String {
    let items: Vec<S> = items.into_iter().collect();
    match items.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} {word} {}", most.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_encoding_is_named() {
        let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        for bytes in [
            wide("\u{feff}{}", u16::to_le_bytes),
            wide("\u{feff}{}", u16::to_be_bytes),
            wide("{}", u16::to_le_bytes),
            wide("{}", u16::to_be_bytes),
        ] {
            assert!(decode(bytes).unwrap_err().starts_with("is UTF-16"));
        }
        assert!(decode(vec![b'a', 0xe9]).unwrap_err().starts_with("is not UTF-8"));
        assert_eq!(decode_document("\u{feff}é".into()).as_deref(), Ok("é"));
        assert_eq!(decode("\u{feff}é".into()).as_deref(), Ok("\u{feff}é"));
    }

    #[test]
    fn a_text_cannot_leave_its_line_or_steer_the_terminal() {
        assert_eq!(one_line("two\n  lines\r\nand\ta tab"), "two lines and a tab");
        assert_eq!(one_line("red \u{1b}[31m"), "red \\u{1b}[31m");
        assert_eq!(one_line("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(one_line("a\u{9b}2J\u{200b}\u{e0041}"), "a\\u{9b}2J\\u{200b}\\u{e0041}");
        assert_eq!(lines("a\n\u{1b}b\n"), "a\n\\u{1b}b\n");
        assert_eq!(one_line("Zürich → Genève"), "Zürich → Genève");
    }

    #[test]
    fn a_json_document_says_the_same_and_shows_it() {
        let value =
            serde_json::json!({"a\u{202e}": ["\u{9b}2J", "\u{7f}", "\u{200b}x\u{feff}", "\u{e0041}", "Zürich 👍"]});
        for document in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let shown = json(&document);
            assert!(shown.chars().all(|character| character == '\n' || !is_unprintable(character)), "{shown}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
        }
        assert!(json(&value.to_string()).contains(r"\udb40\udc41"));
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(cut("éàü", 3), "éàü");
        assert_eq!(cut("éàüö", 3), "éàü… (1 more characters)");
    }

    #[test]
    fn text_wraps_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensible", 7), ["incomprehensible"]);
        assert!(wrap(" ", 7).is_empty());
    }

    #[test]
    fn a_series_reads_as_a_person_writes_it() {
        assert_eq!(series(["a", "b", "c"], "or"), "a, b or c");
        assert_eq!(series(["a", "b"], "and"), "a and b");
        assert_eq!(series(["a"], "and"), "a");
        assert_eq!(series(Vec::<&str>::new(), "and"), "nothing");
    }
}

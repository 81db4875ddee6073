//! Text from elsewhere, made fit for one line of a terminal.

use std::fs;
use std::path::Path;

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

/// On one line, and without what could steer a terminal or turn the direction of the text. Runs of white space become
/// one space; what cannot be shown is escaped.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        for character in word.chars() {
            if character.is_control() || turns_direction(character) {
                line.extend(character.escape_unicode());
            } else {
                line.push(character);
            }
        }
    }
    line
}

fn turns_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
        assert_eq!(one_line("Zürich → Genève"), "Zürich → Genève");
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

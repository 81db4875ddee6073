//! Patterns: anchored regular expressions that match in linear time.

use std::fmt;

use regex::{Regex, RegexBuilder};

/// What a compiled pattern may take, in bytes.
const SIZE: usize = 256 << 10;

/// The longest text of a pattern, in bytes.
const LONGEST: usize = 2_000;

/// An anchored regular expression, without look-around and back references.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    regex: Regex,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// When it is not anchored at both ends, not a regular expression, or takes too much.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        if text.len() > LONGEST {
            return Err(PatternError::TooLarge);
        }
        if !text.starts_with('^') || !text.ends_with('$') || text.ends_with("\\$") {
            return Err(PatternError::NotAnchored);
        }
        let compile = |text: &str| RegexBuilder::new(text).size_limit(SIZE).dfa_size_limit(SIZE).build();
        // On its own, so that nothing of it reaches out of the brackets; and then whole, for of `^a|b$` each half is anchored
        // at one end only.
        let regex = compile(text).and_then(|_| compile(&format!(r"\A(?:{text})\z")));
        match regex {
            Ok(regex) => Ok(Self { text: text.to_owned(), regex }),
            Err(regex::Error::CompiledTooBig(_)) => Err(PatternError::TooLarge),
            Err(_) => Err(PatternError::Malformed),
        }
    }

    /// Whether the text matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

impl serde::Serialize for Pattern {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Why a text is not a pattern; the rest of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It could match a part of a text.
    #[error("is not anchored: start it with `^` and end it with `$`")]
    NotAnchored,
    /// It is not a regular expression.
    #[error("is not a regular expression without look-around and back references")]
    Malformed,
    /// It takes too much.
    #[error("is too large")]
    TooLarge,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_a_whole_text() {
        let pattern = Pattern::new("^[A-Z]{3}$").unwrap();
        assert!(pattern.is_match("ABC"));
        assert!(!pattern.is_match("ABCD") && !pattern.is_match("ABC\n"));
        assert_eq!(pattern.to_string(), "^[A-Z]{3}$");
        for text in ["^a|b$", "^(?m)a$", "^(?:a|b)$"] {
            let pattern = Pattern::new(text).unwrap();
            assert!(pattern.is_match("a") && !pattern.is_match("ab") && !pattern.is_match("xb"), "{text}");
            assert!(!pattern.is_match("a\nb") && !pattern.is_match("b\na"), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_linear_anchored_expression_is_refused() {
        for (text, expected) in [
            ("[A-Z]+", PatternError::NotAnchored),
            ("^a", PatternError::NotAnchored),
            ("^a\\$", PatternError::NotAnchored),
            ("^(a$", PatternError::Malformed),
            ("^(a)\\1$", PatternError::Malformed),
            ("^(?=a)a$", PatternError::Malformed),
            ("^(?:a{1000}){1000}$", PatternError::TooLarge),
        ] {
            assert_eq!(Pattern::new(text).unwrap_err(), expected, "{text}");
        }
        assert_eq!(Pattern::new(&format!("^{}$", "a".repeat(3000))).unwrap_err(), PatternError::TooLarge);
    }
}

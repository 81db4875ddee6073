//! Reading the parameters of a call by the constraints of the API's model. Unknown ones are ignored (asserted against AWS's
//! STS).

use std::ops::RangeInclusive;

use super::{
    errors::{Code, Refusal},
    form,
};

/// What the model says of a text.
pub(super) struct Rule {
    length: RangeInclusive<usize>,
    fits: fn(&str) -> bool,
    pattern: &'static str,
}

/// A name that is looked up: longer than one that can be given.
pub(super) const USER_NAME: Rule = Rule { length: 1..=128, fits: is_name, pattern: r"[\w+=,.@-]+" };
pub(super) const NEW_USER_NAME: Rule = Rule { length: 1..=64, fits: is_name, pattern: r"[\w+=,.@-]+" };
pub(super) const ACCESS_KEY_ID: Rule =
    Rule { length: 16..=128, fits: |text| !text.is_empty() && text.chars().all(is_word), pattern: r"[\w]+" };
pub(super) const MARKER: Rule = Rule {
    length: 1..=320,
    fits: |text| !text.is_empty() && text.chars().all(|character| ('\u{20}'..='\u{ff}').contains(&character)),
    pattern: r"[\u0020-\u00FF]+",
};
pub(super) const PATH_PREFIX: Rule = Rule {
    length: 1..=512,
    fits: |text| text.starts_with('/') && text.chars().all(is_visible),
    pattern: r"\u002F[\u0021-\u007F]*",
};
pub(super) const PATH: Rule = Rule {
    length: 1..=512,
    fits: |text| text.starts_with('/') && text.ends_with('/') && text != "//" && text.chars().all(is_visible),
    pattern: r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)",
};

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| is_word(character) || "+=,.@-".contains(character))
}

fn is_visible(character: char) -> bool {
    ('!'..='~').contains(&character)
}

/// The parameters of a call. A parameter that is given and empty is not one that is left out.
pub(super) struct Input<'a> {
    given: &'a [(String, String)],
    problems: Vec<String>,
    /// A value that could not be parsed has an error of its own.
    malformed: Option<&'static str>,
}

impl<'a> Input<'a> {
    pub(super) fn new(given: &'a [(String, String)]) -> Self {
        Self { given, problems: Vec::new(), malformed: None }
    }

    fn problem(&mut self, name: &str, value: Option<&str>, must: impl AsRef<str>) {
        let value = value.map_or_else(|| "null".to_owned(), |value| format!("'{value}'"));
        let member = format!("{}{}", name[..1].to_lowercase(), &name[1..]);
        let must = must.as_ref();
        self.problems.push(format!("Value {value} at '{member}' failed to satisfy constraint: Member must {must}"));
    }

    pub(super) fn text(&mut self, name: &str, rule: &Rule) -> Option<&'a str> {
        let text = form::first(self.given, name)?;
        if !(rule.fits)(text) {
            self.problem(name, Some(text), format!("satisfy regular expression pattern: {}", rule.pattern));
        }
        let length = text.chars().count();
        if length < *rule.length.start() {
            self.problem(name, Some(text), format!("have length greater than or equal to {}", rule.length.start()));
        } else if length > *rule.length.end() {
            self.problem(name, Some(text), format!("have length less than or equal to {}", rule.length.end()));
        }
        Some(text)
    }

    /// A text that must be given.
    pub(super) fn required(&mut self, name: &str, rule: &Rule) -> &'a str {
        self.text(name, rule).unwrap_or_else(|| {
            self.problem(name, None, "not be null");
            ""
        })
    }

    /// A word of an enumeration that must be given.
    pub(super) fn word(&mut self, name: &str, words: &[&str]) -> &'a str {
        let word = form::first(self.given, name);
        match word {
            None => self.problem(name, None, "not be null"),
            Some(word) if words.contains(&word) => {}
            Some(_) => self.problem(name, word, format!("satisfy enum value set: [{}]", words.join(", "))),
        }
        word.unwrap_or_default()
    }

    /// A whole number. Text that is not one is malformed, not invalid (asserted of another call against AWS's STS).
    pub(super) fn number(&mut self, name: &str, range: RangeInclusive<i32>) -> Option<i32> {
        let text = form::first(self.given, name)?;
        let Ok(number) = text.parse::<i32>() else {
            self.malformed =
                Some(if text.is_empty() { "missing value for decimal type" } else { "not a valid integer" });
            return None;
        };
        if number < *range.start() {
            self.problem(name, Some(text), format!("have value greater than or equal to {}", range.start()));
        } else if number > *range.end() {
            self.problem(name, Some(text), format!("have value less than or equal to {}", range.end()));
        }
        Some(number)
    }

    /// Everything that is wrong, in one error.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        if let Some(message) = self.malformed {
            return Err(Code::MalformedInput.because(message));
        }
        match self.problems.len() {
            0 => Ok(()),
            count => {
                let errors = if count == 1 { "error" } else { "errors" };
                let problems = self.problems.join("; ");
                Err(Code::ValidationError.because(format!("{count} validation {errors} detected: {problems}")))
            }
        }
    }
}

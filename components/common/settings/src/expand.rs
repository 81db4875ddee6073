//! Expansion: a template with its placeholders replaced.

use serde_json::{Map, Value};

use crate::template::{Segment, Template};

impl Template {
    /// Replaces each placeholder by its value: a setting from `settings`, a part of the credential from `parts`.
    ///
    /// Nothing is escaped: the caller checks the whole text for the URL or the header that it goes into. When the template
    /// refers to a part, **the text may hold a secret**: keep it out of logs and errors, and wrap or wipe it. The text
    /// is built in one allocation, so that wiping it leaves no copy behind.
    ///
    /// # Errors
    ///
    /// When a setting is missing or is not a string, an integer or a boolean, or when a part is missing.
    pub fn expand<'p>(
        &self,
        settings: &Map<String, Value>,
        parts: &dyn Fn(&str) -> Option<&'p str>,
    ) -> Result<String, ExpandError> {
        self.expand_with(settings, parts, &|_| None)
    }

    /// [`expand`](Self::expand) for a template that also has variables, whose values come from `variables`.
    ///
    /// # Errors
    ///
    /// As [`expand`](Self::expand), and when a variable has no value.
    pub fn expand_with<'p>(
        &self,
        settings: &Map<String, Value>,
        parts: &dyn Fn(&str) -> Option<&'p str>,
        variables: &dyn Fn(&'static str) -> Option<&'p str>,
    ) -> Result<String, ExpandError> {
        let pieces = self
            .segments
            .iter()
            .map(|segment| segment.expand(settings, parts, variables))
            .collect::<Result<Vec<Piece<'_>>, _>>()?;
        let mut text = String::with_capacity(pieces.iter().map(|piece| piece.as_str().len()).sum());
        for piece in &pieces {
            text.push_str(piece.as_str());
        }
        Ok(text)
    }
}

enum Piece<'t> {
    Text(&'t str),
    Number(String),
}

impl Piece<'_> {
    fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number(digits) => digits,
        }
    }
}

impl Segment {
    fn expand<'t, 'p: 't>(
        &'t self,
        settings: &'t Map<String, Value>,
        parts: &dyn Fn(&str) -> Option<&'p str>,
        variables: &dyn Fn(&'static str) -> Option<&'p str>,
    ) -> Result<Piece<'t>, ExpandError> {
        match self {
            Self::Literal(literal) => Ok(Piece::Text(literal)),
            Self::Setting { name, optional } => match settings.get(name) {
                None | Some(Value::Null) if *optional => Ok(Piece::Text("")),
                None | Some(Value::Null) => Err(ExpandError::MissingSetting { name: name.clone() }),
                Some(value) => setting(name, value),
            },
            Self::Part(name) => {
                parts(name).map(Piece::Text).ok_or_else(|| ExpandError::MissingPart { name: name.clone() })
            }
            Self::Variable(name) => variables(name).map(Piece::Text).ok_or(ExpandError::MissingVariable { name }),
        }
    }
}

fn setting<'t>(name: &str, value: &'t Value) -> Result<Piece<'t>, ExpandError> {
    let found = match value {
        Value::String(text) => return Ok(Piece::Text(text)),
        Value::Bool(true) => return Ok(Piece::Text("true")),
        Value::Bool(false) => return Ok(Piece::Text("false")),
        Value::Number(number) if !number.is_f64() => {
            return Ok(Piece::Number(number.to_string()));
        }
        Value::Number(_) => "a number with a fraction",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
        Value::Null => "null",
    };
    Err(ExpandError::SettingType { name: name.to_owned(), found })
}

/// Why a template cannot be expanded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpandError {
    /// A setting that the template needs is absent or null.
    #[error("the setting `{name}` is missing: give it a value in the account's settings")]
    MissingSetting {
        /// The setting's name.
        name: String,
    },
    /// A setting has a value that has no plain text form.
    #[error("the setting `{name}` is {found}: give it a string, an integer or a boolean")]
    SettingType {
        /// The setting's name.
        name: String,
        /// What it is instead, with its article.
        found: &'static str,
    },
    /// A part that the template needs is absent.
    #[error("the credential has no part `{name}`: add it to the credential")]
    MissingPart {
        /// The part's name.
        name: String,
    },
    /// A variable that the template has is not known when it is expanded.
    #[error("`{{{name}}}` has no value here: remove it from the template")]
    MissingVariable {
        /// The variable's name.
        name: &'static str,
    },
}

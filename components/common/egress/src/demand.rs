//! Demands: values that a request must carry for a rule to apply.

use std::fmt;

use http::HeaderName;
use keywright_settings::{Reference, Template};

use crate::fold::{same_key, same_member};
use crate::header::parse_header;
use crate::json::is_number;
use crate::key::{display_key, is_key, parse_key};
use crate::pointer::{JsonPointer, PointerToken};
use crate::rule_error::{RuleError, excerpt};
use crate::word::{Word, is_bare, quoted};

/// What a request must carry: `where LOCATION = VALUE[ | VALUE…]`.
///
/// The location must be there exactly once, with one of the values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Demand {
    /// Where.
    pub location: DemandLocation,
    /// The values, of which the request must carry one. At least one.
    pub values: Vec<DemandValue>,
}

/// A place in a request that a rule can look at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DemandLocation {
    /// `query NAME`: a key of the query.
    Query(String),
    /// `form NAME`: a field of a form (`application/x-www-form-urlencoded`).
    Form(String),
    /// `json POINTER`: a member of a JSON document (`application/json`, or a type that ends in `+json`).
    Json(JsonPointer),
    /// `header NAME`: a header.
    Header(HeaderName),
}

/// A value that a request must carry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DemandValue {
    /// A text, with `{settings.NAME}` where a setting belongs. At `json` it stands for a string.
    Text(Template),
    /// A number, at `json` only. The request has to write it in the same way.
    Number(String),
    /// `true` or `false`, at `json` only.
    Bool(bool),
    /// `null`, at `json` only.
    Null,
}

impl DemandValue {
    /// A text, of a template that refers to settings at most.
    ///
    /// # Errors
    ///
    /// When it is not a template, or refers to a part of a credential.
    pub fn text(template: &str) -> Result<Self, RuleError> {
        let template: Template = template.parse()?;
        if template.references().any(|reference| matches!(reference, Reference::Part(_))) {
            return Err(RuleError::DemandValue(excerpt(&template.to_string())));
        }
        Ok(Self::Text(template))
    }

    /// A value that is written as a JSON scalar: `2`, `true`, `null`, or a string in quotes.
    ///
    /// # Errors
    ///
    /// When it is not one.
    pub fn parse_json(text: &str) -> Result<Self, RuleError> {
        match serde_json::from_str::<String>(text) {
            Ok(text) => Self::text(&text),
            Err(_) => Self::literal(text).ok_or_else(|| RuleError::DemandValue(excerpt(text))),
        }
    }

    /// A value of JSON that is written without quotes.
    fn literal(text: &str) -> Option<Self> {
        match text {
            "true" => Some(Self::Bool(true)),
            "false" => Some(Self::Bool(false)),
            "null" => Some(Self::Null),
            number if is_number(number) => Some(Self::Number(number.to_owned())),
            _ => None,
        }
    }

    fn read(word: &Word<'_>, location: &DemandLocation) -> Result<Self, RuleError> {
        let refused = || RuleError::DemandValue(excerpt(word.text()));
        match word {
            Word::Quoted(text) => Self::text(text),
            Word::Bare(text) if !is_bare(text) => Err(refused()),
            Word::Bare(text) => match Self::literal(text) {
                Some(literal) if matches!(location, DemandLocation::Json(_)) => Ok(literal),
                _ => Self::text(text),
            },
        }
    }

    fn validate(&self, location: &DemandLocation) -> Result<(), RuleError> {
        let valid = match (self, location) {
            (Self::Text(text), DemandLocation::Header(_)) => {
                text.to_string().bytes().all(|byte| matches!(byte, b' '..=b'~'))
            }
            (Self::Text(_), _) => true,
            (Self::Number(number), DemandLocation::Json(_)) => is_number(number),
            (_, DemandLocation::Json(_)) => true,
            _ => false,
        };
        match (valid, self) {
            (true, Self::Text(text)) => Self::text(&text.to_string()).map(drop),
            (true, _) => Ok(()),
            (false, Self::Text(text)) => Err(RuleError::DemandValue(excerpt(&text.to_string()))),
            (false, Self::Number(number)) => Err(RuleError::DemandValue(excerpt(number))),
            (false, Self::Bool(_)) => Err(RuleError::DemandValue("true or false".to_owned())),
            (false, Self::Null) => Err(RuleError::DemandValue("null".to_owned())),
        }
    }
}

impl Demand {
    /// Reads what follows `where`.
    pub(crate) fn read<'l>(words: &mut std::iter::Peekable<impl Iterator<Item = Word<'l>>>) -> Result<Self, RuleError> {
        let incomplete = || RuleError::Incomplete("where");
        let kind = words.next().ok_or_else(incomplete)?;
        let location = match kind.bare() {
            Some(kind @ ("query" | "form" | "json" | "header")) => {
                let name = words.next().ok_or_else(incomplete)?;
                let name = name.bare().ok_or_else(|| RuleError::Key(excerpt(name.text())))?;
                DemandLocation::read(kind, name)?
            }
            _ => return Err(RuleError::DemandLocation(excerpt(kind.text()))),
        };
        if words.next() != Some(Word::Bare("=")) {
            return Err(incomplete());
        }
        let mut values = vec![DemandValue::read(&words.next().ok_or_else(incomplete)?, &location)?];
        while words.next_if_eq(&Word::Bare("|")).is_some() {
            values.push(DemandValue::read(&words.next().ok_or_else(incomplete)?, &location)?);
        }
        Ok(Self { location, values })
    }

    pub(crate) fn validate(&self) -> Result<(), RuleError> {
        match &self.location {
            DemandLocation::Query(key) | DemandLocation::Form(key) if !is_key(key) => {
                return Err(RuleError::Key(excerpt(key)));
            }
            DemandLocation::Json(pointer) if pointer.has_wildcard() => {
                return Err(RuleError::DemandWildcard(pointer.to_string()));
            }
            _ => {}
        }
        if self.values.is_empty() {
            return Err(RuleError::Incomplete("where"));
        }
        for (index, value) in self.values.iter().enumerate() {
            value.validate(&self.location)?;
            if self.values[..index].contains(value) {
                return Err(RuleError::Repeated(excerpt(&self.to_string())));
            }
        }
        Ok(())
    }
}

impl DemandLocation {
    fn read(kind: &str, name: &str) -> Result<Self, RuleError> {
        Ok(match kind {
            "query" => Self::Query(parse_key(name)?),
            "form" => Self::Form(parse_key(name)?),
            "json" => Self::Json(name.parse()?),
            _ => Self::Header(parse_header(name)?),
        })
    }

    /// The name of a form field, or of a member of the whole JSON document.
    pub(crate) fn body_name(&self) -> Option<&str> {
        match self {
            Self::Form(name) => Some(name),
            Self::Json(pointer) => pointer.only_member(),
            Self::Query(_) | Self::Header(_) => None,
        }
    }

    /// Whether a server could take the two for one, so that demands on both could contradict each other.
    pub(crate) fn collides(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Query(one), Self::Query(other)) | (Self::Form(one), Self::Form(other)) => {
                same_key(one.chars(), other.chars())
            }
            (Self::Header(one), Self::Header(other)) => one == other,
            (Self::Json(one), Self::Json(other)) => {
                one.tokens().len() == other.tokens().len()
                    && one.tokens().iter().zip(other.tokens()).all(|tokens| match tokens {
                        (PointerToken::Member(one), PointerToken::Member(other)) => {
                            same_member(one.chars(), other.chars())
                        }
                        _ => true,
                    })
            }
            _ => false,
        }
    }
}

/// As it stands in a rule's line, `where` included.
impl fmt::Display for Demand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "where {} =", self.location)?;
        for (index, value) in self.values.iter().enumerate() {
            formatter.write_str(if index > 0 { " | " } else { " " })?;
            match value {
                DemandValue::Text(template) => {
                    let text = template.to_string();
                    let is_literal =
                        matches!(self.location, DemandLocation::Json(_)) && DemandValue::literal(&text).is_some();
                    match is_bare(&text) && !is_literal {
                        true => formatter.write_str(&text)?,
                        false => formatter.write_str(&quoted(&text))?,
                    }
                }
                DemandValue::Number(number) => formatter.write_str(number)?,
                DemandValue::Bool(value) => write!(formatter, "{value}")?,
                DemandValue::Null => formatter.write_str("null")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for DemandLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(key) => write!(formatter, "query {}", display_key(key)),
            Self::Form(key) => write!(formatter, "form {}", display_key(key)),
            Self::Json(pointer) => write!(formatter, "json {pointer}"),
            Self::Header(name) => write!(formatter, "header {name}"),
        }
    }
}

//! `dotenv`: `NAME=value` lines between two comments. Other lines of the file stay as they are.
//!
//! ```text
//! # keywright: credential=ci generation=3 digest=sha256:… check=…
//! SCW_ACCESS_KEY=SCW…
//! SCW_SECRET_KEY=…
//! # keywright: end credential=ci
//! ```

mod block;
mod quote;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use self::block::Block;
use super::layout::{Found, Layout, Trouble};
use super::record::Record;
use crate::delivery::{Delivery, Part, PartSpec, Subject};
use crate::error::ConfigError;

/// What a variable of the previous generation ends with.
const PREVIOUS: &str = "_PREVIOUS";

/// Lines of variables.
#[derive(Debug)]
pub(super) struct Dotenv {
    /// Variables by part, where they differ from the vendor's own.
    variables: BTreeMap<String, String>,
}

impl Dotenv {
    pub(super) fn new(variables: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        match variables.values().find(|variable| !is_variable(variable)) {
            Some(wrong) => Err(ConfigError::new(format!(
                "`{wrong}` is not the name of a variable: use letters, digits and `_`, the first not a digit"
            ))),
            None => Ok(Self { variables: variables.clone() }),
        }
    }

    /// The variable of a part: as configured, or the vendor's own, or the name of the part in capitals.
    fn variable(&self, name: &str, of_vendor: Option<&str>) -> String {
        match (self.variables.get(name), of_vendor) {
            (Some(variable), _) => variable.clone(),
            (None, Some(variable)) => variable.to_owned(),
            (None, None) => name.to_ascii_uppercase(),
        }
    }

    /// The names of all variables that these parts can take.
    fn names(&self, parts: &[PartSpec]) -> Vec<String> {
        let name = |part: &PartSpec| self.variable(&part.name, part.variable.as_deref());
        let names: Vec<String> = parts.iter().map(name).collect();
        let previous = names.iter().map(|name| format!("{name}{PREVIOUS}"));
        names.iter().cloned().chain(previous).collect()
    }

    fn lines(&self, parts: &[Part], suffix: &str, lines: &mut String) -> Result<(), Trouble> {
        for part in parts {
            let variable = self.variable(&part.name, part.variable.as_deref());
            let value = quote::quoted(part.value.expose_secret())
                .map_err(|reason| Trouble::Unrepresentable { part: part.name.clone(), reason: reason.to_owned() })?;
            // Writing to a string does not fail.
            let _ = writeln!(lines, "{variable}{suffix}={}", *value);
        }
        Ok(())
    }
}

impl Layout for Dotenv {
    fn check(&self, parts: &[PartSpec]) -> Result<(), Trouble> {
        if let Some(part) = self.variables.keys().find(|name| parts.iter().all(|part| part.name != **name)) {
            return Err(Trouble::MissingPart { part: part.clone(), advice: "correct `variables`" });
        }
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for part in parts {
            let variable = self.variable(&part.name, part.variable.as_deref());
            let unusable = |reason: String| Err(Trouble::Unrepresentable { part: part.name.clone(), reason });
            if !is_variable(&variable) {
                return unusable(format!("`{variable}` is not the name of a variable: give it one in `variables`"));
            }
            if let Some(other) = seen.insert(variable.clone(), &part.name) {
                let advice = "give one of them another in `variables`";
                return unusable(format!("`{variable}` is the variable of the part `{other}` too: {advice}"));
            }
        }
        Ok(())
    }

    fn check_room(&self, text: Option<&str>, subject: &Subject, parts: &[PartSpec]) -> Result<(), Trouble> {
        let text = text.unwrap_or_default();
        Block::find(text, subject)?.check_variables(text, &self.names(parts))
    }

    fn render(&self, delivery: &Delivery) -> Result<Zeroizing<String>, Trouble> {
        self.check(&delivery.specs())?;
        let mut lines = Zeroizing::new(String::new());
        self.lines(&delivery.parts, "", &mut lines)?;
        if let Some(previous) = &delivery.previous {
            self.lines(&previous.parts, PREVIOUS, &mut lines)?;
        }
        if lines.contains(block::MARK) {
            let part = delivery.parts.iter().find(|part| part.value.expose_secret().contains(block::MARK));
            let part = part.map(|part| part.name.clone()).unwrap_or_default();
            let reason = format!("it has `{}` in it: use another format", block::MARK);
            return Err(Trouble::Unrepresentable { part, reason });
        }
        Ok(lines)
    }

    fn find(&self, text: &str, subject: &Subject) -> Result<Found, Trouble> {
        let block = Block::find(text, subject)?;
        Ok(match block.record {
            Some(_) => Found::Region { text: Zeroizing::new(block.lines(text).to_owned()), record: block.record },
            None => Found::Nothing,
        })
    }

    fn put(&self, text: Option<&str>, delivery: &Delivery, record: &Record) -> Result<Zeroizing<String>, Trouble> {
        let text = text.unwrap_or_default();
        let block = Block::find(text, &delivery.subject)?;
        block.check_variables(text, &self.names(&delivery.specs()))?;
        Ok(block.replaced(text, record, &self.render(delivery)?))
    }

    fn take(&self, text: &str, subject: &Subject) -> Result<Option<Zeroizing<String>>, Trouble> {
        let rest = Block::find(text, subject)?.removed(text);
        Ok(if rest.is_empty() { None } else { Some(rest) })
    }

    fn place(&self) -> Option<&str> {
        None
    }
}

/// POSIX, Base Definitions, 8.1: the names that every program can take.
fn is_variable(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit()) && name.bytes().all(allowed)
}

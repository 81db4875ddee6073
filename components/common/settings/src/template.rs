//! Templates: text with placeholders for settings and for the parts of a credential.

use std::fmt::{self, Write as _};
use std::str::FromStr;

/// Text with placeholders, parsed once and expanded often.
///
/// | Written | Means |
/// | --- | --- |
/// | `{settings.NAME}` | the account's setting NAME; an error when it is missing |
/// | `{settings.NAME?}` | the account's setting NAME; nothing when it is missing |
/// | `{parts.NAME}` | the credential's part NAME |
/// | `{VARIABLE}` | a value of the moment, such as `{time.unix}`; only where [`parse_with`](Self::parse_with) allows it |
/// | `{{` and `}}` | a literal brace |
///
/// A NAME is made of lower-case letters, digits and `_`, and starts with a letter. [`Display`](fmt::Display) writes the
/// text that was parsed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Template {
    pub(crate) segments: Vec<Segment>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Segment {
    Literal(String),
    Setting { name: String, optional: bool },
    Part(String),
    Variable(&'static str),
}

/// What a placeholder refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference<'t> {
    /// The account's setting of this name.
    Setting(&'t str),
    /// The credential's part of this name, which may be secret.
    Part(&'t str),
    /// The variable of this name, one of those that the template was parsed with.
    Variable(&'static str),
}

impl Template {
    /// Parses `text`, in which settings and parts may stand.
    ///
    /// # Errors
    ///
    /// When a brace is neither part of a placeholder nor doubled.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        Self::parse_with(text, &[])
    }

    /// Parses `text`, in which settings, parts and the named `variables` may stand. A variable is written in braces as it
    /// is named, and its name starts with neither `settings.` nor `parts.`.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_with(text: &str, variables: &[&'static str]) -> Result<Self, TemplateError> {
        let mut segments = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from_brace) = rest.split_at(at);
            literal.push_str(before);
            if let Some(after) = from_brace.strip_prefix("{{") {
                literal.push('{');
                rest = after;
            } else if let Some(after) = from_brace.strip_prefix("}}") {
                literal.push('}');
                rest = after;
            } else if let Some(after) = from_brace.strip_prefix('{') {
                let (placeholder, after) = after.split_once('}').ok_or(TemplateError::Unclosed)?;
                if !literal.is_empty() {
                    segments.push(Segment::Literal(std::mem::take(&mut literal)));
                }
                segments.push(Segment::parse(placeholder, variables)?);
                rest = after;
            } else {
                return Err(TemplateError::Unopened);
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            segments.push(Segment::Literal(literal));
        }
        Ok(Self { segments })
    }

    /// What the template refers to, in its order; a thing that is referred to twice comes twice.
    pub fn references(&self) -> impl Iterator<Item = Reference<'_>> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Literal(_) => None,
            Segment::Setting { name, .. } => Some(Reference::Setting(name)),
            Segment::Part(name) => Some(Reference::Part(name)),
            Segment::Variable(name) => Some(Reference::Variable(name)),
        })
    }

    /// Whether the template refers to nothing, so that it always expands to the same text.
    pub fn is_literal(&self) -> bool {
        self.references().next().is_none()
    }
}

impl Segment {
    fn parse(placeholder: &str, variables: &[&'static str]) -> Result<Self, TemplateError> {
        let segment = match placeholder.split_once('.') {
            Some(("settings", name)) => {
                let (name, optional) = match name.strip_suffix('?') {
                    Some(name) => (name, true),
                    None => (name, false),
                };
                is_name(name).then(|| Self::Setting { name: name.to_owned(), optional })
            }
            Some(("parts", name)) => is_name(name).then(|| Self::Part(name.to_owned())),
            _ => variables.iter().find(|name| **name == placeholder).map(|name| Self::Variable(name)),
        };
        segment.ok_or_else(|| TemplateError::Placeholder {
            placeholder: excerpt(placeholder),
            variables: variables.to_vec(),
        })
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// The start of a placeholder, fit for one line of a terminal: a template may come from an adapter nobody trusts.
fn excerpt(placeholder: &str) -> String {
    const LONGEST: usize = 60;
    let mut characters = placeholder.chars();
    let mut excerpt: String = characters.by_ref().take(LONGEST).flat_map(char::escape_debug).collect();
    if characters.next().is_some() {
        excerpt.push('…');
    }
    excerpt
}

fn alternatives(variables: &[&'static str]) -> String {
    variables.iter().flat_map(|name| [", `{", name, "}`"]).collect()
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            match segment {
                Segment::Literal(literal) => {
                    for character in literal.chars() {
                        if matches!(character, '{' | '}') {
                            f.write_char(character)?;
                        }
                        f.write_char(character)?;
                    }
                }
                Segment::Setting { name, optional } => {
                    let mark = if *optional { "?" } else { "" };
                    write!(f, "{{settings.{name}{mark}}}")?;
                }
                Segment::Part(name) => write!(f, "{{parts.{name}}}")?,
                Segment::Variable(name) => write!(f, "{{{name}}}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Template({:?})", self.to_string())
    }
}

/// Why a text is not a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// Something else than a placeholder stands in braces.
    #[error(
        "`{{{placeholder}}}` is not a placeholder: write `{{settings.NAME}}`, `{{settings.NAME?}}` or `{{parts.NAME}}`{}, \
         where NAME is made of lower-case letters, digits and `_` and starts with a letter, \
         or double a brace to mean the brace itself",
        alternatives(variables)
    )]
    Placeholder {
        /// What stands in the braces, shortened and escaped.
        placeholder: String,
        /// The variables that may stand here.
        variables: Vec<&'static str>,
    },
    /// A `{` without its `}`.
    #[error("the template has a `{{` without its `}}`: close the placeholder, or write `{{{{` for the brace itself")]
    Unclosed,
    /// A `}` without its `{`.
    #[error("the template has a `}}` without its `{{`: remove it, or write `}}}}` for the brace itself")]
    Unopened,
}

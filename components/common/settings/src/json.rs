//! JSON in which the strings are templates.

use std::fmt::{self, Write as _};

use serde_json::Value;

use crate::{Reference, Template, TemplateError};

/// A JSON value whose strings, at any depth, are templates. The names of members are as they are, and so are numbers,
/// booleans and nulls.
///
/// ```
/// use keywright_settings::JsonTemplate;
/// use serde_json::json;
///
/// let login = JsonTemplate::parse(&json!({ "user": "{parts.user}", "remember": false }), &[])?;
/// let text = login.expand(&|template| template.expand(&Default::default(), &|_| Some("a\"b")))?;
/// assert_eq!(text, r#"{"remember":false,"user":"a\"b"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonTemplate(Node);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    /// Null, a boolean or a number.
    Literal(Value),
    Text(Template),
    Array(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl JsonTemplate {
    /// Parses all strings of `value` as templates, in which settings, parts and the named `variables` may stand.
    ///
    /// # Errors
    ///
    /// When a string is not a template.
    pub fn parse(value: &Value, variables: &[&'static str]) -> Result<Self, JsonTemplateError> {
        Node::parse(value, variables, &mut String::new()).map(Self)
    }

    /// The JSON text, without white space, in which each template is replaced by what `expand` makes of it.
    ///
    /// As with [`Template::expand`], the text may hold a secret, and is built in one allocation.
    ///
    /// # Errors
    ///
    /// The first error of `expand`.
    pub fn expand<T: AsRef<str>, E>(&self, expand: &dyn Fn(&Template) -> Result<T, E>) -> Result<String, E> {
        let mut texts = Vec::new();
        self.0.texts(&mut |template| {
            texts.push(expand(template)?);
            Ok(())
        })?;
        let longest: usize = texts.iter().map(|text| ESCAPE * text.as_ref().len()).sum();
        let mut written = String::with_capacity(longest + self.0.frame());
        self.0.write(&mut written, &mut texts.iter());
        Ok(written)
    }

    /// What the templates refer to; a thing that is referred to twice comes twice.
    pub fn references(&self) -> impl Iterator<Item = Reference<'_>> {
        let mut templates = Vec::new();
        self.0.templates(&mut templates);
        templates.into_iter().flat_map(Template::references)
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        matches!(self.0, Node::Object(_))
    }

    /// The names of its members, if it is an object; none otherwise.
    pub fn member_names(&self) -> impl Iterator<Item = &str> {
        let members = match &self.0 {
            Node::Object(members) => members.as_slice(),
            _ => &[],
        };
        members.iter().map(|(name, _)| name.as_str())
    }
}

/// The longest that one byte of a string can become: `\u001f`.
const ESCAPE: usize = 6;

impl Node {
    /// `pointer` says where `value` stands, and is left as it was.
    fn parse(value: &Value, variables: &[&'static str], pointer: &mut String) -> Result<Self, JsonTemplateError> {
        let mut child = |token: &str, value: &Value| {
            let length = pointer.len();
            pointer.push('/');
            // RFC 6901 section 3.
            pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
            let node = Self::parse(value, variables, pointer)?;
            pointer.truncate(length);
            Ok(node)
        };
        Ok(match value {
            Value::String(text) => Self::Text(
                Template::parse_with(text, variables)
                    .map_err(|error| JsonTemplateError { pointer: pointer.clone(), error })?,
            ),
            Value::Array(items) => Self::Array(
                items.iter().enumerate().map(|(at, item)| child(&at.to_string(), item)).collect::<Result<_, _>>()?,
            ),
            Value::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|(name, value)| Ok((name.clone(), child(name, value)?)))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Null | Value::Bool(_) | Value::Number(_) => Self::Literal(value.clone()),
        })
    }

    fn templates<'t>(&'t self, found: &mut Vec<&'t Template>) {
        match self {
            Self::Literal(_) => {}
            Self::Text(template) => found.push(template),
            Self::Array(items) => items.iter().for_each(|item| item.templates(found)),
            Self::Object(members) => members.iter().for_each(|(_, value)| value.templates(found)),
        }
    }

    fn texts<E>(&self, visit: &mut dyn FnMut(&Template) -> Result<(), E>) -> Result<(), E> {
        let mut templates = Vec::new();
        self.templates(&mut templates);
        templates.into_iter().try_for_each(visit)
    }

    /// The most bytes of all that is not the text of a template.
    fn frame(&self) -> usize {
        match self {
            Self::Literal(value) => value.to_string().len(),
            Self::Text(_) => 2,
            Self::Array(items) => 2 + items.iter().map(|item| 1 + item.frame()).sum::<usize>(),
            Self::Object(members) => {
                2 + members.iter().map(|(name, value)| ESCAPE * name.len() + 4 + value.frame()).sum::<usize>()
            }
        }
    }

    /// Writes it, with the next of `texts` in place of each template.
    fn write<'t, T: AsRef<str> + 't>(&self, written: &mut String, texts: &mut dyn Iterator<Item = &'t T>) {
        match self {
            Self::Literal(value) => written.push_str(&value.to_string()),
            Self::Text(_) => write_string(written, texts.next().map(AsRef::as_ref).unwrap_or_default()),
            Self::Array(items) => {
                written.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        written.push(',');
                    }
                    item.write(written, texts);
                }
                written.push(']');
            }
            Self::Object(members) => {
                written.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 {
                        written.push(',');
                    }
                    write_string(written, name);
                    written.push(':');
                    value.write(written, texts);
                }
                written.push('}');
            }
        }
    }
}

/// A JSON string (RFC 8259 section 7). Not by the serializer, whose buffers would keep copies of a secret.
fn write_string(written: &mut String, text: &str) {
    written.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => written.extend(['\\', character]),
            '\n' => written.push_str("\\n"),
            control if control < ' ' => {
                // Writing to a string does not fail.
                let _ = write!(written, "\\u{:04x}", u32::from(control));
            }
            other => written.push(other),
        }
    }
    written.push('"');
}

/// A string in JSON that is not a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonTemplateError {
    /// Where it stands: a JSON pointer (RFC 6901).
    pub pointer: String,
    /// Why it is not a template.
    pub error: TemplateError,
}

impl fmt::Display for JsonTemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at `{}`: {}", self.pointer.escape_debug(), self.error)
    }
}

impl std::error::Error for JsonTemplateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

//! Where an answer holds a secret.

use std::fmt;
use std::str::FromStr;

use http::HeaderName;

use crate::header::parse_header;
use crate::identifier::is_part;
use crate::key::{display_key, is_key, parse_key};
use crate::pointer::{JsonPointer, XmlPath};
use crate::rule_error::{RuleError, excerpt};
use crate::word::quoted;

/// A secret in the answer to a request: `[PART=]LOCATION [after CHARACTERS] [base64]`.
///
/// The host takes it out before the adapter reads the answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretLocation {
    /// The part of the credential that it is. Without one it is hidden, and nobody can redeem it.
    pub part: Option<String>,
    /// Where it stands.
    pub location: AnswerLocation,
    /// The value up to and including the first of these characters is [public](Self::public_prefix), and the adapter may
    /// read it. Punctuation only; often empty. Where the value is in base64, this is about what it decodes to.
    pub public_prefix_ends_with: String,
    /// Whether it stands there in base64 (RFC 4648 section 4).
    pub base64: bool,
}

/// A place in an answer.
///
/// A pointer or a path may lead to several values; each is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AnswerLocation {
    /// `/a/*/b`: a value of a JSON document.
    Json(JsonPointer),
    /// `json:/outer#/inner`: a value of the JSON document that stands, as a string, in another.
    EmbeddedJson {
        /// Where the string stands.
        outer: JsonPointer,
        /// Where the value stands in the document that the string holds.
        inner: JsonPointer,
    },
    /// `xml:/Root/Child`: the text of an element of an XML document.
    Xml(XmlPath),
    /// `form:NAME`: a field of a form (`application/x-www-form-urlencoded`).
    Form(String),
    /// `header:NAME`: a header of the answer.
    Header(HeaderName),
    /// `text`: the whole body.
    Text,
}

impl SecretLocation {
    /// A secret at a location as a rule writes it.
    ///
    /// # Errors
    ///
    /// When the part is not a name, the location is malformed, or the characters are not separators.
    pub fn new(
        part: Option<&str>,
        location: &str,
        public_prefix_ends_with: &str,
        base64: bool,
    ) -> Result<Self, RuleError> {
        let secret = Self {
            part: part.map(str::to_owned),
            location: location.parse()?,
            public_prefix_ends_with: public_prefix_ends_with.to_owned(),
            base64,
        };
        secret.validate()?;
        Ok(secret)
    }

    /// How many characters of a value stay hidden behind its public prefix, at least: with fewer there is none.
    pub const LEAST_HIDDEN: usize = 16;

    /// What is public of a value: up to and including the first of the characters. Nothing where less than half of it, or
    /// fewer than [`LEAST_HIDDEN`](Self::LEAST_HIDDEN) characters, would stay hidden.
    pub fn public_prefix<'v>(&self, value: &'v str) -> &'v str {
        let ends = |(_, character): &(usize, char)| self.public_prefix_ends_with.contains(*character);
        let end = value.char_indices().find(ends).map_or(0, |(at, character)| at + character.len_utf8());
        let (public, hidden) = value.split_at(end);
        let (shown, hidden) = (public.chars().count(), hidden.chars().count());
        if hidden >= Self::LEAST_HIDDEN && shown <= hidden { public } else { "" }
    }

    pub(crate) fn validate(&self) -> Result<(), RuleError> {
        if let AnswerLocation::Form(name) = &self.location
            && !is_key(name)
        {
            return Err(RuleError::Key(excerpt(name)));
        }
        match &self.part {
            Some(part) if !is_part(part) => Err(RuleError::SecretLocation(excerpt(&self.to_string()))),
            _ => are_separators(&self.public_prefix_ends_with),
        }
    }
}

/// With letters or digits, a secret without a separator would show all that comes before the first of them.
fn are_separators(characters: &str) -> Result<(), RuleError> {
    let bytes = characters.as_bytes();
    let once = bytes.iter().enumerate().all(|(index, byte)| !bytes[..index].contains(byte));
    if once && bytes.iter().all(u8::is_ascii_punctuation) {
        return Ok(());
    }
    Err(RuleError::PublicPrefix(excerpt(characters)))
}

/// Reads `[PART=]LOCATION`.
impl FromStr for SecretLocation {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let (part, location) = match text.split_once('=') {
            Some((part, location)) if is_part(part) => (Some(part), location),
            _ => (None, text),
        };
        Self::new(part, location, "", false).map_err(|error| match error {
            RuleError::SecretLocation(_) => RuleError::SecretLocation(excerpt(text)),
            error => error,
        })
    }
}

/// As it stands in a rule's line behind `mints` or `hides`.
impl fmt::Display for SecretLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(part) = &self.part {
            write!(formatter, "{part}=")?;
        }
        write!(formatter, "{}", self.location)?;
        match self.public_prefix_ends_with.as_str() {
            "" => {}
            // Neither is read as it stands at the start of a word.
            characters if characters.contains(['"', '#', '\\']) => write!(formatter, " after {}", quoted(characters))?,
            characters => write!(formatter, " after {characters}")?,
        }
        if self.base64 { formatter.write_str(" base64") } else { Ok(()) }
    }
}

impl FromStr for AnswerLocation {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let refused = || RuleError::SecretLocation(excerpt(text));
        if text == "text" {
            return Ok(Self::Text);
        }
        if text.starts_with('/') {
            return Ok(Self::Json(text.parse()?));
        }
        let (kind, place) = text.split_once(':').ok_or_else(refused)?;
        Ok(match kind {
            "json" => {
                let (outer, inner) = place.split_once('#').ok_or_else(refused)?;
                Self::EmbeddedJson { outer: outer.parse()?, inner: inner.parse()? }
            }
            "xml" => Self::Xml(place.parse()?),
            "form" => Self::Form(parse_key(place)?),
            "header" => Self::Header(parse_header(place)?),
            _ => return Err(refused()),
        })
    }
}

impl fmt::Display for AnswerLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(pointer) => write!(formatter, "{pointer}"),
            Self::EmbeddedJson { outer, inner } => write!(formatter, "json:{outer}#{inner}"),
            Self::Xml(path) => write!(formatter, "xml:{path}"),
            Self::Form(name) => write!(formatter, "form:{}", display_key(name)),
            Self::Header(name) => write!(formatter, "header:{name}"),
            Self::Text => formatter.write_str("text"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_writes_itself_as_it_was_read() {
        for text in [
            "token=/token",
            "/data/*/secret",
            "secret_key=xml:/CreateResponse/*/Secret",
            "token=form:oauth_token",
            "form:a%2Cb",
            "token=header:x-new-token",
            "text=text",
            "text",
            "token=json:/body#/keys/0/token",
        ] {
            assert_eq!(text.parse::<SecretLocation>().unwrap().to_string(), text);
        }
        assert_eq!("/a=b".parse::<SecretLocation>().unwrap().part, None);
    }

    #[test]
    fn a_location_that_is_malformed_is_refused_by_its_name() {
        for (text, says) in [
            ("", "does not say where an answer holds"),
            ("token", "does not say where"),
            ("token=", "does not say where"),
            ("=/token", "`=/token` does not say where"),
            ("Token=/a", "`Token=/a` does not say where"),
            ("token=token", "does not say where"),
            ("token=/a~4", "`/a~4` is not a JSON pointer"),
            ("token=json:/a", "does not say where"),
            ("token=json:#/a", "`` is not a JSON pointer"),
            ("token=json:/a#b", "`b` is not a JSON pointer"),
            ("token=json:/a#/b#/c", "`/b#/c` is not a JSON pointer"),
            ("token=xml:Root", "`Root` is not an XML path"),
            ("token=form:", "`` is not the name of a query key or a form field"),
            ("token=header:a b", "`a b` is not the name of a header"),
            ("token=cookie:a", "does not say where"),
        ] {
            let message = text.parse::<SecretLocation>().unwrap_err().to_string();
            assert!(message.contains(says), "{text}: {message}");
        }
    }

    #[test]
    fn at_most_half_is_public_and_sixteen_characters_are_not() {
        let prefixed = SecretLocation::new(None, "/a", "$_-", false).unwrap();
        for (value, public) in [
            ("key_0123456789abcdef", "key_"),
            ("key_0123456789abcde", ""),
            ("0123456789abcde_0123456789abcdef", "0123456789abcde_"),
            ("0123456789abcdef_0123456789abcdef", ""),
            ("a-b_0123456789abcdef", "a-"),
            // Characters, not bytes, stay hidden.
            ("key_éééééééé", ""),
            ("key_éééééééééééééééé", "key_"),
            ("0123456789abcdef0123456789", ""),
            ("", ""),
        ] {
            assert_eq!(prefixed.public_prefix(value), public, "{value}");
        }
        let without = SecretLocation::new(None, "/a", "", false).unwrap();
        assert_eq!(without.public_prefix("key_0123456789abcdef"), "");
    }

    #[test]
    fn a_public_prefix_ends_with_punctuation() {
        for characters in ["a", "1", "_a", "é", " ", "__", "\n"] {
            let error = SecretLocation::new(None, "/a", characters, false).unwrap_err();
            assert_eq!(error, RuleError::PublicPrefix(excerpt(characters)));
        }
        assert!(SecretLocation::new(None, "/a", "$_#\"", false).is_ok());
    }
}

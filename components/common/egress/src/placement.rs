//! Where a request sends a secret that the adapter does not hold.

use std::fmt;
use std::str::FromStr;

use http::{HeaderMap, HeaderName};

use crate::content_type::BodyFormat;
use crate::header::parse_header;
use crate::identifier::{is_part, is_setting};
use crate::json;
use crate::key::{display_key, is_key, parse_key};
use crate::pairs::{self, Found};
use crate::pointer::JsonPointer;
use crate::rule_error::{RuleError, excerpt};

/// A secret that the host puts into a request: `SOURCE=LOCATION [base64]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Placement {
    /// Which secret.
    pub source: SecretSource,
    /// Where it goes.
    pub location: BodyLocation,
    /// Whether it goes there in base64 (RFC 4648 section 4).
    pub base64: bool,
}

/// Which secret is sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SecretSource {
    /// `NAME`: a part of the credential that the call is about.
    Part(String),
    /// `settings.NAME`: a setting of the account.
    Setting(String),
}

/// A place in a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BodyLocation {
    /// `/a/b`: a value of a JSON document; not several.
    Json(JsonPointer),
    /// `form:NAME`: a field of a form (`application/x-www-form-urlencoded`).
    Form(String),
    /// `header:NAME`: a header, which the rule has to name in `headers` too.
    Header(HeaderName),
    /// `text`: the whole body.
    Text,
}

impl Placement {
    /// A placement of a source and a location as a rule writes them.
    ///
    /// # Errors
    ///
    /// When either is malformed.
    pub fn new(source: &str, location: &str, base64: bool) -> Result<Self, RuleError> {
        let refused = || RuleError::Placement(excerpt(&format!("{source}={location}")));
        let source = match source.strip_prefix("settings.") {
            Some(name) => SecretSource::Setting(name.to_owned()),
            None => SecretSource::Part(source.to_owned()),
        };
        let location = match location.parse() {
            Err(RuleError::Placement(_)) => return Err(refused()),
            location => location?,
        };
        let placement = Self { source, location, base64 };
        placement.validate()?;
        Ok(placement)
    }

    /// Whether no reader could see another value in its place: it stands there once or not at all, under no name that some
    /// server takes for the same, in a body that says that it is of this form. Names are compared as demands compare them.
    pub fn has_one_reading(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        match &self.location {
            _ if body.is_empty() => true,
            BodyLocation::Form(name) => {
                let form = std::str::from_utf8(body).ok().filter(|form| pairs::validate_form(form).is_ok());
                let found = form.map(|form| pairs::find(form, name));
                BodyFormat::Form.is_declared(headers) && found.is_some_and(|found| found != Found::Ambiguous)
            }
            BodyLocation::Json(pointer) => {
                let found = json::find(body, pointer.tokens());
                BodyFormat::Json.is_declared(headers) && found.is_ok_and(|found| !matches!(found, Found::Ambiguous))
            }
            BodyLocation::Header(_) | BodyLocation::Text => true,
        }
    }

    pub(crate) fn validate(&self) -> Result<(), RuleError> {
        if let BodyLocation::Form(name) = &self.location
            && !is_key(name)
        {
            return Err(RuleError::Key(excerpt(name)));
        }
        let named = match &self.source {
            SecretSource::Part(name) => is_part(name),
            SecretSource::Setting(name) => is_setting(name),
        };
        let one = !matches!(&self.location, BodyLocation::Json(pointer) if pointer.has_wildcard());
        if named && one { Ok(()) } else { Err(RuleError::Placement(excerpt(&self.to_string()))) }
    }
}

impl BodyLocation {
    /// The name of a form field, or of a member of the whole JSON document.
    pub(crate) fn body_name(&self) -> Option<&str> {
        match self {
            Self::Form(name) => Some(name),
            Self::Json(pointer) => pointer.only_member(),
            Self::Header(_) | Self::Text => None,
        }
    }
}

/// Reads `SOURCE=LOCATION`.
impl FromStr for Placement {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let (source, location) = text.split_once('=').ok_or_else(|| RuleError::Placement(excerpt(text)))?;
        Self::new(source, location, false)
    }
}

/// As it stands in a rule's line behind `sends`.
impl fmt::Display for Placement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", self.source, self.location)?;
        if self.base64 { formatter.write_str(" base64") } else { Ok(()) }
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part(name) => formatter.write_str(name),
            Self::Setting(name) => write!(formatter, "settings.{name}"),
        }
    }
}

impl FromStr for BodyLocation {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        if text == "text" {
            return Ok(Self::Text);
        }
        if text.starts_with('/') {
            return Ok(Self::Json(text.parse()?));
        }
        match text.split_once(':') {
            Some(("form", name)) => Ok(Self::Form(parse_key(name)?)),
            Some(("header", name)) => Ok(Self::Header(parse_header(name)?)),
            _ => Err(RuleError::Placement(excerpt(text))),
        }
    }
}

impl fmt::Display for BodyLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(pointer) => write!(formatter, "{pointer}"),
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
    fn a_placement_writes_itself_as_it_was_read() {
        for text in ["token=/a/b", "settings.pass_phrase=form:key", "token=header:x-secret", "token=text"] {
            assert_eq!(text.parse::<Placement>().unwrap().to_string(), text);
        }
        assert_eq!(Placement::new("token", "/a", true).unwrap().to_string(), "token=/a base64");
    }

    #[test]
    fn a_placement_that_is_malformed_is_refused_by_its_name() {
        for (text, says) in [
            ("", "`` does not say where a request sends"),
            ("/a", "does not say where"),
            ("token=", "`token=` does not say where"),
            ("=/a", "does not say where"),
            ("Token=/a", "does not say where"),
            ("settings.=/a", "does not say where"),
            ("settings.9=/a", "does not say where"),
            ("settings.A=/a", "does not say where"),
            ("parts.token=/a", "does not say where"),
            ("token=/a/*", "`token=/a/*` does not say where"),
            ("token=/~9", "`/~9` is not a JSON pointer"),
            ("token=xml:/a", "does not say where"),
            ("token=form:a=b", "`a=b` is not the name of a query key or a form field"),
            ("token=header:", "`` is not the name of a header"),
        ] {
            let message = text.parse::<Placement>().unwrap_err().to_string();
            assert!(message.contains(says), "{text}: {message}");
        }
    }
}

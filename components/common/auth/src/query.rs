//! Authentication by query parameters, such as `?api_key=…`.

use keywright_settings::{Template, TemplateError};
use secrecy::zeroize::Zeroizing;

use crate::AuthError;
use crate::encoding::percent_encoded;
use crate::values::Values;

/// A query parameter whose value is made from the parts of a credential and the settings of an account.
///
/// It is the weakest of all schemes, because URLs end in the logs of proxies and servers: for vendors that take nothing
/// else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryTemplate {
    name: String,
    value: Template,
}

impl QueryTemplate {
    /// Takes a parameter's name as it is, not encoded, and parses the template of its value.
    ///
    /// # Errors
    ///
    /// When the value is not a template.
    pub fn parse(name: &str, value: &str) -> Result<Self, TemplateError> {
        Ok(Self { name: name.to_owned(), value: value.parse()? })
    }

    /// The parameter's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The template of its value.
    pub fn value(&self) -> &Template {
        &self.value
    }

    /// `NAME=VALUE`, percent-encoded, to be added to a query.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing or empty.
    pub fn parameter(&self, values: &Values<'_>) -> Result<Zeroizing<String>, AuthError> {
        let value = values.expand(&self.value)?;
        let name = percent_encoded(self.name.as_bytes());
        let value = percent_encoded(value.as_bytes());
        Ok(Zeroizing::new([name.as_str(), "=", value.as_str()].concat()))
    }
}

//! Denials.

use std::fmt;

/// A request that was not allowed. Its text names the request, why it was denied, and the rule that would allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The operation that wanted to send it.
    pub operation: String,
    /// The method.
    pub method: String,
    /// The URL without its query and user name, in ASCII, at most some 300 characters of it.
    pub url: String,
    /// Why.
    pub reason: DenialReason,
    /// The line that, added to the rules, would allow it; none when no rule can, or none that a person would paste.
    pub line: Option<String>,
}

/// Why a request was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DenialReason {
    /// It is not `https`.
    NotHttps,
    /// Its host or port is not plainly a host and a port.
    Host,
    /// Its path could be read in two ways.
    Path,
    /// No rule of the operation names it.
    NoRule,
    /// Its rule mints a secret, and was used in this call already.
    MintsAgain,
}

impl fmt::Display for DenialReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotHttps => "only https is allowed",
            Self::Host => "its host is not a plain host name or address with a port",
            Self::Path => "its path has empty or dot segments, or encodings that hide them",
            Self::NoRule => "no rule allows it",
            Self::MintsAgain => "it makes a secret, and one call may send it once",
        })
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, method, url, .. } = self;
        write!(formatter, "the adapter's `{operation}` may not send {method} {url}: ")?;
        self.reason.fmt(formatter)?;
        match &self.line {
            Some(line) => write!(formatter, "; this rule would: {line}"),
            None if self.reason == DenialReason::NoRule => formatter.write_str(", and none can be written for it"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Denial {}

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DenialReason {
    /// It is neither `https`, nor `http` for an endpoint override that is.
    NotHttps,
    /// Its host or port is not plainly a host and a port.
    Host,
    /// Its path could be read in two ways.
    Path,
    /// Its query could be read in two ways.
    Query,
    /// No rule of the operation names its method, host and path.
    NoRule,
    /// A rule names it, but demands another value of its query, headers or body.
    Demand,
    /// A rule names it, but not a key of its query.
    QueryKey,
    /// A rule demands a value of its body, which is of another content type.
    ContentType,
    /// A rule demands a value of its body, which could be read in two ways.
    Body,
    /// A rule demands a value that stands there more than once.
    Duplicate,
    /// Its rule mints a secret, and was used in this call already.
    MintsAgain,
    /// Its rule mints a secret, which this call may not.
    MintingNotAllowed,
}

impl fmt::Display for DenialReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotHttps => "only https is allowed",
            Self::Host => "its host is not a plain host name or address with a port",
            Self::Path => "its path has empty or dot segments, or encodings that hide them",
            Self::Query => "its query has empty pairs, `;`, or encodings that are not UTF-8",
            Self::NoRule => "no rule allows it",
            Self::QueryKey => "no rule allows a key of its query",
            Self::Demand => "no rule allows it with the values that it carries",
            Self::ContentType => "the rule for it demands a value of its body, and its content type is another",
            Self::Body => "the rule for it demands a value of its body, which is not well-formed UTF-8",
            Self::Duplicate => "a name that a rule may look at stands in it more than once",
            Self::MintsAgain => "it makes a secret, and one call may send it once",
            Self::MintingNotAllowed => "it makes a secret, and this call may not make one",
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

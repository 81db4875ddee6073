//! Denials.

use std::fmt;

/// A request that was not allowed. Its text names the request, why it was denied, and the rule that would allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The operation that wanted to send it.
    pub operation: String,
    /// The method.
    pub method: String,
    /// The URL without its query.
    pub url: String,
    /// Why.
    pub reason: DenialReason,
    /// The line that, added to the rules, would allow it; none when no rule can.
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

impl fmt::Display for Denial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, method, url, .. } = self;
        write!(formatter, "the adapter's `{operation}` may not send {method} {url}: ")?;
        match self.reason {
            DenialReason::NotHttps => formatter.write_str("only https is allowed"),
            DenialReason::Host => formatter.write_str("its host is not a plain host name or address with a port"),
            DenialReason::Path => {
                formatter.write_str("its path has empty or dot segments, or encodings that hide them")
            }
            DenialReason::NoRule => formatter.write_str("no rule allows it"),
            DenialReason::MintsAgain => formatter.write_str("it makes a secret, and one call may send it once"),
        }?;
        match &self.line {
            Some(line) => write!(formatter, "; this rule would: {line}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Denial {}

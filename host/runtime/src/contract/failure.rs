//! How an operation fails at the vendor, in terms to act on.

use std::fmt;

use serde::Serialize;

use crate::contract::credential::Quota;

/// A failed operation. `Display` is one sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", SupportId(.request_id.as_deref()))]
pub struct Failure {
    /// What to act on.
    pub reason: Reason,
    /// One sentence.
    pub message: String,
    /// The HTTP status of the answer that decided.
    pub status: Option<u16>,
    /// The vendor's id of that request, to quote to its support.
    pub request_id: Option<String>,
}

struct SupportId<'a>(Option<&'a str>);

impl fmt::Display for SupportId<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(id) => write!(formatter, " (request {id})"),
            None => Ok(()),
        }
    }
}

/// Why an operation failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// The input is not acceptable. Nothing was done.
    Invalid {
        /// What is wrong with which field.
        problems: Vec<FieldProblem>,
    },
    /// The vendor does not accept the credential of the call. Nothing was done.
    Unauthenticated,
    /// The credential may not do this. Nothing was done.
    Forbidden,
    /// The credential to be worked on does not exist.
    NotFound,
    /// The state of things does not allow this. Nothing was done.
    Conflict,
    /// No more credentials may be made. Nothing was done.
    Quota(Quota),
    /// Too many requests. Nothing was done.
    RateLimited {
        /// Seconds to wait, where the vendor tells.
        retry_after: Option<u32>,
    },
    /// The vendor cannot be reached or cannot serve this now. Nothing was done; it may work later.
    Unavailable,
    /// The request may have taken effect. Look before doing it again.
    InDoubt,
    /// The vendor has no such operation.
    Unsupported,
    /// The vendor refused with a code of its own.
    Vendor {
        /// The code.
        code: String,
    },
    /// A reason of a later version of the contract.
    Other {
        /// Its name.
        name: String,
    },
}

impl Reason {
    /// Its name in the contract.
    pub fn name(&self) -> &str {
        match self {
            Self::Invalid { .. } => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Conflict => "conflict",
            Self::Quota(_) => "quota",
            Self::RateLimited { .. } => "rate-limited",
            Self::Unavailable => "unavailable",
            Self::InDoubt => "in-doubt",
            Self::Unsupported => "unsupported",
            Self::Vendor { .. } => "vendor",
            Self::Other { name } => name,
        }
    }
}

/// A problem with one field of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// A JSON pointer (RFC 6901) into the call's input, seen as one object of `settings`, `attributes`, `expires_at`,
    /// `marker`, `id`, `filter` and `cursor`.
    pub pointer: String,
    /// What is wrong.
    pub problem: Problem,
    /// The rest of a sentence that starts with the pointer.
    pub message: String,
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.pointer, self.message)
    }
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Problem {
    /// It is missing.
    Required,
    /// It cannot be read as what it should be.
    Format,
    /// It is not allowed.
    Constraint,
    /// It cannot be changed on a credential that exists: a replacement is needed.
    Immutable,
    /// There is no such field.
    Unknown,
    /// A problem of a later version of the contract.
    Other,
}

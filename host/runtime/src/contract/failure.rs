//! How an operation fails at the vendor, in terms to act on.

use std::fmt;

use keywright_auth::Parts;
use keywright_model::{FieldProblem, Quota, ReasonKind};
use serde::{Serialize, Serializer};

/// A failed operation. `Display` is one sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}{}", Completed(.completed.as_deref()), SupportId(.request_id.as_deref()))]
pub struct Failure {
    /// What to act on.
    pub reason: Reason,
    /// One sentence.
    pub message: String,
    /// What was done before it failed, in one sentence.
    pub completed: Option<String>,
    /// The HTTP status of the answer that decided.
    pub status: Option<u16>,
    /// The vendor's id of that request, to quote to its support.
    pub request_id: Option<String>,
    /// Seconds to wait before trying again, where the vendor says.
    pub retry_after: Option<u32>,
}

impl Failure {
    /// A failure that no answer of the vendor decided.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), completed: None, status: None, request_id: None, retry_after: None }
    }

    /// Input that is not acceptable.
    pub fn invalid(problems: Vec<FieldProblem>) -> Self {
        let message = problems.iter().map(FieldProblem::to_string).collect::<Vec<_>>().join("; ");
        Self::new(Reason::Invalid { problems }, message)
    }
}

struct Completed<'a>(Option<&'a str>);

impl fmt::Display for Completed<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(completed) => write!(formatter, "; {completed}"),
            None => Ok(()),
        }
    }
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
    /// Too many requests. Nothing was done; [`Failure::retry_after`] says when it may work.
    RateLimited,
    /// The vendor cannot be reached or cannot serve this now. Nothing was done; it may work later.
    Unavailable,
    /// The request may have taken effect. Look before doing it again.
    InDoubt,
    /// The vendor has no such operation.
    Unsupported,
    /// The vendor's answer to a request that changes nothing is not as documented. Nothing was done.
    UnexpectedResponse,
    /// The adapter contradicts itself. Nothing was done: report it to its author.
    AdapterError,
    /// The creation is accepted and goes on at the vendor.
    Pending(PendingCreation),
    /// The vendor refused with a code of its own.
    Vendor {
        /// The code.
        code: String,
    },
    /// A reason of a later version of the contract; to be treated as [`InDoubt`](Self::InDoubt).
    Other {
        /// Its name.
        name: String,
    },
}

/// How to ask what became of a creation: with [`CreateRequest::continuation`](crate::CreateRequest::continuation).
#[derive(Clone, Debug, Serialize)]
pub struct PendingCreation {
    /// What finds it again at the vendor. Not a secret.
    pub cursor: String,
    /// The parts that the host made for it, which the vendor has or will have: to be kept until it is finished.
    #[serde(serialize_with = "names")]
    pub parts: Parts,
}

impl PartialEq for PendingCreation {
    fn eq(&self, other: &Self) -> bool {
        self.cursor == other.cursor && self.parts.names().eq(other.parts.names())
    }
}

impl Eq for PendingCreation {}

fn names<S: Serializer>(parts: &Parts, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(parts.names())
}

impl Reason {
    /// Its name in the contract.
    pub fn name(&self) -> &str {
        let kind = match self {
            Self::Invalid { .. } => ReasonKind::Invalid,
            Self::Unauthenticated => ReasonKind::Unauthenticated,
            Self::Forbidden => ReasonKind::Forbidden,
            Self::NotFound => ReasonKind::NotFound,
            Self::Conflict => ReasonKind::Conflict,
            Self::Quota(_) => ReasonKind::Quota,
            Self::RateLimited => ReasonKind::RateLimited,
            Self::Unavailable => ReasonKind::Unavailable,
            Self::InDoubt => ReasonKind::InDoubt,
            Self::Unsupported => ReasonKind::Unsupported,
            Self::UnexpectedResponse => ReasonKind::UnexpectedResponse,
            Self::AdapterError => ReasonKind::AdapterError,
            Self::Pending(_) => ReasonKind::Pending,
            Self::Vendor { .. } => ReasonKind::Vendor,
            Self::Other { name } => return name,
        };
        kind.name()
    }
}

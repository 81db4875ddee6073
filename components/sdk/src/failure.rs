//! How a call fails.

use crate::{Extensions, Operation, Problem, Quota};

/// What every function of an adapter returns.
pub type Result<T> = std::result::Result<T, Failure>;

/// The longest message that is passed on, in characters. Messages quote the vendor, and a vendor may quote anything.
const LONGEST_MESSAGE: usize = 400;

/// A failed operation: the reason for the host, a sentence for a person.
// Boxed, so that the many results that can carry one stay small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub(crate) Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Details {
    pub(crate) reason: Reason,
    pub(crate) message: String,
    pub(crate) completed: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<u32>,
    pub(crate) extensions: Extensions,
}

/// Why an operation failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The input is not acceptable. Nothing was done.
    Invalid(Vec<FieldProblem>),
    /// The vendor does not accept the credential that the call was authenticated with. Nothing was done.
    Unauthenticated,
    /// The credential is accepted but may not do this. Nothing was done.
    Forbidden,
    /// The credential to be worked on does not exist.
    NotFound,
    /// The state of the credential, or of something that it depends on, does not allow this. Nothing was done.
    Conflict,
    /// No more credentials may be made. Nothing was done.
    Quota(Quota),
    /// Too many requests. Nothing was done; see [`Failure::with_retry_after`].
    RateLimited,
    /// The vendor cannot be reached or cannot serve this now. Nothing was done; it may work later.
    Unavailable,
    /// The request may have taken effect: its answer was lost, cut short or unreadable.
    InDoubt,
    /// The vendor has no such operation. Nothing was done.
    Unsupported,
    /// The vendor's answer to a request that changes nothing is not as documented. Nothing was done.
    UnexpectedResponse,
    /// The adapter contradicts its own descriptor or could not build a request. Nothing was done.
    AdapterError,
    /// The creation is accepted and goes on at the vendor.
    Pending {
        /// What comes back as [`CreateRequest::continuation`](crate::CreateRequest::continuation). Not a secret.
        cursor: String,
        /// The seconds to wait before asking, where the vendor says.
        retry_after: Option<u32>,
    },
    /// The vendor refused for a reason of its own: its code.
    Vendor(String),
}

/// A problem with one field of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// A JSON pointer into the input of the call, as `wit/failures.wit` defines it: `/attributes/NAME`,
    /// `/filter/attributes/NAME`, `/settings/NAME`, `/endpoints/NAME`, `/authentication/PART`, `/id`, `/cursor`,
    /// `/expires_at`, `/marker`.
    pub pointer: String,
    /// What is wrong.
    pub problem: Problem,
    /// One sentence for a person, which reads on after the pointer: `is longer than 64 characters`.
    pub message: String,
}

impl Failure {
    /// A failure for this reason, with a message that is made fit to print: one line, of bounded length.
    pub fn new(reason: Reason, message: impl AsRef<str>) -> Self {
        Self::of(reason, message.as_ref())
    }

    #[inline(never)]
    fn of(reason: Reason, message: &str) -> Self {
        Self(Box::new(Details {
            reason,
            message: printable(message),
            completed: None,
            status: None,
            request_id: None,
            retry_after: None,
            extensions: None,
        }))
    }

    /// [`Reason::Invalid`] for the given fields.
    pub fn invalid(problems: Vec<FieldProblem>) -> Self {
        let mut message = String::new();
        for problem in &problems {
            if !message.is_empty() {
                message.push_str("; ");
            }
            message.push_str(&problem.pointer);
            message.push(' ');
            message.push_str(&problem.message);
        }
        Self::of(Reason::Invalid(problems), &message)
    }

    /// [`Reason::Unsupported`] for an operation that the vendor lacks.
    pub fn unsupported(operation: Operation) -> Self {
        let message = ["the vendor has no operation `", operation.name(), "` for its credentials"].concat();
        Self::of(Reason::Unsupported, &message)
    }

    /// [`Reason::AdapterError`]: a fault of the adapter itself.
    pub fn adapter_error(message: impl AsRef<str>) -> Self {
        Self::of(Reason::AdapterError, message.as_ref())
    }

    /// [`Reason::Pending`]: the creation goes on at the vendor. `cursor` comes back when the host asks what became of it,
    /// after `retry_after` seconds where the vendor says.
    pub fn pending(cursor: impl Into<String>, retry_after: Option<u32>, message: impl AsRef<str>) -> Self {
        Self::of(Reason::Pending { cursor: cursor.into(), retry_after }, message.as_ref())
    }

    /// With the status of the answer that decided.
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// With the vendor's id of the request.
    pub fn with_request_id(mut self, id: Option<&str>) -> Self {
        self.0.request_id = id.map(printable);
        self
    }

    /// With the seconds to wait before trying again.
    pub fn with_retry_after(mut self, seconds: Option<u32>) -> Self {
        self.0.retry_after = seconds;
        self
    }

    /// With one sentence on what was done before it failed, and what to do about that.
    pub fn with_completed(mut self, done: impl AsRef<str>) -> Self {
        self.0.completed = Some(printable(done.as_ref()));
        self
    }

    /// With a JSON object of members that a single vendor or a later version of the contract defines.
    pub fn with_extensions(mut self, extensions: Extensions) -> Self {
        self.0.extensions = extensions;
        self
    }

    /// Why it failed.
    pub fn reason(&self) -> &Reason {
        &self.0.reason
    }

    /// The sentence for a person.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What was done before it failed.
    pub fn completed(&self) -> Option<&str> {
        self.0.completed.as_deref()
    }

    /// The status of the answer that decided.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The vendor's id of the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The seconds to wait before trying again, where the vendor says.
    pub fn retry_after(&self) -> Option<u32> {
        self.0.retry_after
    }
}

impl FieldProblem {
    /// A problem with the field at `pointer`.
    pub fn new(pointer: impl Into<String>, problem: Problem, message: impl AsRef<str>) -> Self {
        Self { pointer: pointer.into(), problem, message: printable(message.as_ref()) }
    }
}

impl From<FieldProblem> for Failure {
    fn from(problem: FieldProblem) -> Self {
        Self::invalid(vec![problem])
    }
}

/// The result, with [`Reason::NotFound`] as nothing: for `get` and `revoke`, where only a definite answer of the vendor
/// may be one.
///
/// ```
/// use keywright_sdk::{Failure, Reason, found};
///
/// assert_eq!(found(Ok(1)), Ok(Some(1)));
/// assert_eq!(found::<u8>(Err(Failure::new(Reason::NotFound, "there is no such key"))), Ok(None));
/// assert!(found::<u8>(Err(Failure::new(Reason::Forbidden, "no right"))).is_err());
/// ```
pub fn found<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(failure) if *failure.reason() == Reason::NotFound => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// One line of bounded length.
pub(crate) fn printable(text: &str) -> String {
    let mut line = String::new();
    for (count, character) in text.trim().chars().enumerate() {
        if count == LONGEST_MESSAGE {
            line.push('…');
            break;
        }
        line.push(if character.is_control() { ' ' } else { character });
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_of_bounded_length() {
        let failure = Failure::new(Reason::Forbidden, format!("no\r\n\x1b[31m{}", "x".repeat(1_000)));
        assert!(failure.message().starts_with("no   [31mxxx"), "{}", failure.message());
        assert_eq!(failure.message().chars().count(), LONGEST_MESSAGE + 1);
    }

    #[test]
    fn what_was_done_before_is_kept_apart_from_the_message() {
        let failure = Failure::new(Reason::Forbidden, "no right").with_completed("it is disabled:\nrevoke it again");
        assert_eq!(failure.message(), "no right");
        assert_eq!(failure.completed(), Some("it is disabled: revoke it again"));
    }

    #[test]
    fn an_invalid_input_names_every_field() {
        let failure = Failure::invalid(vec![
            FieldProblem::new("/attributes/a", Problem::Required, "is missing"),
            FieldProblem::new("/expires_at", Problem::Constraint, "lies in the past"),
        ]);
        assert_eq!(failure.message(), "/attributes/a is missing; /expires_at lies in the past");
    }
}

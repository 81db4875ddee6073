//! How a call fails.

use std::fmt::Write as _;

use crate::{Operation, Quota};

/// What every function of an adapter returns.
pub type Result<T> = std::result::Result<T, Failure>;

/// The longest message that is passed on, in characters. Messages quote the vendor, and a vendor may quote anything.
const LONGEST_MESSAGE: usize = 400;

/// A failed operation: the reason for the host, a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub(crate) reason: Reason,
    pub(crate) message: String,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
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
    /// The state of things does not allow this. Nothing was done.
    Conflict,
    /// No more credentials may be made. Nothing was done.
    Quota(Quota),
    /// Too many requests; wait so many seconds, where the vendor tells. Nothing was done.
    RateLimited(Option<u32>),
    /// The vendor cannot be reached or cannot serve this now. Nothing was done.
    Unavailable,
    /// The request may have taken effect.
    InDoubt,
    /// The vendor has no such operation.
    Unsupported,
    /// The vendor refused with a code of its own.
    Vendor(String),
}

/// A problem with one field of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// A JSON pointer into the call's input: `/attributes/…`, `/settings/…`, `/expires_at`, `/marker`, `/id`.
    pub pointer: String,
    /// What is wrong.
    pub problem: Problem,
    /// One sentence for a person, without the name of the field.
    pub message: String,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is missing.
    Required,
    /// It cannot be read as what it should be.
    Format,
    /// It is not allowed.
    Constraint,
    /// It cannot be changed on a credential that exists.
    Immutable,
    /// There is no such field.
    Unknown,
}

impl Failure {
    /// A failure for this reason, with a message that is made fit to print: one line, of bounded length.
    pub fn new(reason: Reason, message: impl AsRef<str>) -> Self {
        Self { reason, message: printable(message.as_ref()), status: None, request_id: None }
    }

    /// [`Reason::Invalid`] for the given fields.
    pub fn invalid(problems: Vec<FieldProblem>) -> Self {
        let mut message = String::new();
        for (index, problem) in problems.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            let _ = write!(message, "{separator}{} {}", problem.pointer, problem.message);
        }
        Self::new(Reason::Invalid(problems), message)
    }

    /// [`Reason::Unsupported`] for an operation that the vendor lacks.
    pub fn unsupported(operation: Operation) -> Self {
        Self::new(
            Reason::Unsupported,
            format!("the vendor has no operation `{}` for its credentials", operation.name()),
        )
    }

    /// With the status of the answer that decided.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// With the vendor's id of the request.
    pub fn with_request_id(mut self, id: Option<&str>) -> Self {
        self.request_id = id.map(printable);
        self
    }

    /// With what was done before it failed, and what to do about that: a sentence that stands on a line of its own, so
    /// that a host which rewords the failure keeps it.
    pub fn after(mut self, done: impl AsRef<str>) -> Self {
        self.message = [&self.message, "\n", &printable(done.as_ref())].concat();
        self
    }

    /// Why it failed.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The sentence for a person.
    pub fn message(&self) -> &str {
        &self.message
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

/// One line of bounded length, whatever a vendor put in.
fn printable(text: &str) -> String {
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
    fn what_was_done_before_stands_on_a_line_of_its_own() {
        let failure = Failure::new(Reason::Forbidden, "no right").after("it is disabled:\nrevoke it again");
        assert_eq!(failure.message(), "no right\nit is disabled: revoke it again");
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

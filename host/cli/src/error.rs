//! Errors as the command line tells them: one sentence for a person, and a kind for a program.

use std::borrow::Cow;

use keywright_runtime::{AccountError, CallError, FieldProblem, Reason};
use serde_json::{Value, json};

/// Why a command failed. Holds no secret: whoever makes one quotes names, never the values of parts.
#[derive(Clone, Debug)]
pub(crate) struct Error {
    kind: Cow<'static, str>,
    message: String,
    problems: Vec<FieldProblem>,
    quiet: bool,
}

impl Error {
    /// An error of this kind.
    pub(crate) fn new(kind: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { kind: kind.into(), message: message.into(), problems: Vec::new(), quiet: false }
    }

    /// The command line cannot be understood, or asks for what there is not.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new("usage", message)
    }

    /// The configuration, or something that it or the command line refers to, cannot be used.
    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new("config", message)
    }

    /// Whoever read our output has gone: nothing is left to tell, and nobody to tell it to.
    pub(crate) fn nobody_listens() -> Self {
        Self { quiet: true, ..Self::new("output", "the output is closed") }
    }

    /// What failed was told as the result: only the exit code is left.
    pub(crate) fn told() -> Self {
        Self { quiet: true, ..Self::new("told", "the result says why") }
    }

    /// Puts `before` and a colon in front of the sentence.
    pub(crate) fn within(mut self, before: &str) -> Self {
        self.message = format!("{before}: {}", self.message);
        self
    }

    /// Appends a colon and `advice`.
    pub(crate) fn advise(mut self, advice: &str) -> Self {
        self.message = format!("{}: {advice}", self.message);
        self
    }

    /// What to act on.
    pub(crate) fn kind(&self) -> &str {
        &self.kind
    }

    /// One sentence.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Whether there is nothing to tell.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// As programs read it.
    pub(crate) fn to_json(&self) -> Value {
        let mut error = json!({ "kind": self.kind, "message": self.message });
        if !self.problems.is_empty() {
            error["problems"] = json!(self.problems);
        }
        json!({ "error": error })
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        let problems = match &error {
            CallError::Failed(failure) => match &failure.reason {
                Reason::Invalid { problems } => problems.clone(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let message = error.to_string();
        // What the host finds wrong starts with a JSON pointer.
        let message = if message.starts_with('/') { format!("the input is not valid: {message}") } else { message };
        Self { problems, ..Self::new(error.kind().to_owned(), message) }
    }
}

impl From<&AccountError> for Error {
    fn from(error: &AccountError) -> Self {
        let problems = match error {
            AccountError::Settings(problems) => problems.clone(),
            _ => Vec::new(),
        };
        Self { problems, ..Self::new("account", error.to_string()) }
    }
}

impl From<keywright_simulators::Error> for Error {
    fn from(error: keywright_simulators::Error) -> Self {
        Self::new("simulator", error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use keywright_runtime::{Failure, Problem};

    use super::*;

    fn failed(reason: Reason) -> Error {
        let failure = Failure { reason, message: "no room".to_owned(), status: Some(403), request_id: None };
        CallError::from(failure).into()
    }

    #[test]
    fn a_failed_call_keeps_its_kind() {
        let error = failed(Reason::Quota(keywright_runtime::Quota::default()));
        assert_eq!(error.to_json(), json!({"error": {"kind": "quota", "message": "no room"}}));
    }

    #[test]
    fn the_problems_of_an_invalid_input_are_there_for_programs() {
        let problem = FieldProblem {
            pointer: "/attributes/description".to_owned(),
            problem: Problem::Constraint,
            message: "is too long".to_owned(),
        };
        let error = failed(Reason::Invalid { problems: vec![problem] }).to_json();
        assert_eq!(error["error"]["kind"], "invalid");
        assert_eq!(error["error"]["problems"][0]["pointer"], "/attributes/description");
    }

    #[test]
    fn context_and_advice_make_one_sentence() {
        let error = Error::usage("it is odd").within("the file `x`").advise("use another");
        assert_eq!(error.message(), "the file `x`: it is odd: use another");
    }
}

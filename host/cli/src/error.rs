//! Errors as the command line reports them: one sentence for a person, and for a program a kind and the facts.

use std::borrow::Cow;
use std::fmt;

use keywright_runtime::{AccountError, CallError, Failure, FieldProblem, Quota, Reason};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::values::seconds;

/// Why a command failed. Holds no secret: whoever makes one quotes names, never the values of parts.
#[derive(Clone, Debug)]
pub(crate) struct Error {
    kind: Cow<'static, str>,
    message: String,
    facts: Map<String, Value>,
    quiet: bool,
    exit_status: u8,
}

impl Error {
    /// An error of this kind.
    pub(crate) fn new(kind: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { kind: kind.into(), message: message.into(), facts: Map::new(), quiet: false, exit_status: 1 }
    }

    /// The command line is malformed, or names something that does not exist.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new("usage", message)
    }

    /// The configuration, or something that it or the command line refers to, cannot be used.
    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new("config", message)
    }

    /// The reader of the output has closed it: there is nobody to report that to.
    pub(crate) fn broken_pipe() -> Self {
        Self { quiet: true, ..Self::new("output", "the output is closed") }
    }

    /// The result says what failed: only the exit code is left.
    pub(crate) fn reported() -> Self {
        Self { quiet: true, ..Self::new("reported", "the result says why") }
    }

    /// Ends the program with another status than 1.
    pub(crate) fn with_exit_status(mut self, status: u8) -> Self {
        self.exit_status = status;
        self
    }

    /// What the program ends with.
    pub(crate) fn exit_status(&self) -> u8 {
        self.exit_status
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

    /// Adds a fact for programs.
    pub(crate) fn with(mut self, name: &str, fact: impl Serialize) -> Self {
        self.facts.insert(name.to_owned(), json!(fact));
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

    /// Whether nothing is to be printed.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// As programs read it.
    pub(crate) fn to_json(&self) -> Value {
        let mut error = self.facts.clone();
        error.insert("kind".to_owned(), json!(self.kind));
        error.insert("message".to_owned(), json!(self.message));
        json!({ "error": error })
    }

    fn with_problems(self, problems: &[FieldProblem]) -> Self {
        if problems.is_empty() { self } else { self.with("problems", problems) }
    }

    /// All that the vendor's answer says.
    fn with_failure(mut self, failure: &Failure) -> Self {
        let Failure { reason, message: _, completed, status, request_id, retry_after } = failure;
        let facts = [
            ("completed", json!(completed)),
            ("status", json!(status)),
            ("request_id", json!(request_id)),
            ("retry_after", json!(retry_after)),
        ];
        let facts = facts.into_iter().filter(|(_, fact)| !fact.is_null());
        self.facts.extend(facts.map(|(name, fact)| (name.to_owned(), fact)));
        match reason {
            Reason::Invalid { problems } => self.with_problems(problems),
            Reason::Quota(quota) => self.with("quota", quota),
            Reason::Pending(pending) => self.with("continuation", &pending.cursor),
            Reason::Vendor { code } => self.with("code", code),
            _ => self,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        let kind = error.kind().to_owned();
        match &error {
            CallError::Failed(failure) => Self::new(kind, sentence(failure)).with_failure(failure),
            CallError::InDoubt { cause, .. } => match facts_of(cause) {
                // The sentence has the id of the request already.
                Some(failure) => {
                    let facts = facts(&Failure { request_id: None, ..failure.clone() });
                    Self::new(kind, format!("{error}{facts}")).with_failure(&failure)
                }
                None => Self::new(kind, format!("{error}{}", how_to_see(cause))),
            },
            _ => match facts_of(&error) {
                Some(failure) => Self::new(kind, format!("{error}{}", facts(&failure))).with_failure(&failure),
                None => Self::new(kind, format!("{error}{}", how_to_see(&error))),
            },
        }
    }
}

/// What an adapter that broke down says of it itself.
fn how_to_see(error: &CallError) -> &'static str {
    match error {
        CallError::Trapped { .. } => "; -v shows what it wrote to its standard error",
        _ => "",
    }
}

/// What an answer of the vendor, which decided, says beyond the sentence.
fn facts_of(error: &CallError) -> Option<Failure> {
    match error {
        CallError::Failed(failure) => Some(failure.clone()),
        CallError::InDoubt { cause, .. } => facts_of(cause),
        CallError::TokenRefused { status, request_id, .. } => {
            let (status, request_id) = (*status, request_id.clone());
            Some(Failure { status, request_id, ..Failure::new(Reason::Unauthenticated, "") })
        }
        _ => None,
    }
}

/// A failure with all that is known of it.
fn sentence(failure: &Failure) -> String {
    let mut sentence = failure.message.clone();
    // What the host finds wrong starts with a JSON pointer.
    if sentence.starts_with('/') {
        sentence = format!("the input is not valid: {sentence}");
    }
    if let Some(completed) = &failure.completed {
        sentence.push_str(&format!("; {completed}"));
    }
    sentence + &facts(failure)
}

/// ` (HTTP 429, request r-1, 2 of 2 in use, try again in 90 s)`, as far as it is known.
fn facts(failure: &Failure) -> String {
    let quota = match &failure.reason {
        Reason::Quota(quota) => quota_words(quota),
        _ => None,
    };
    let facts = [
        failure.status.map(|status| format!("HTTP {status}")),
        failure.request_id.as_ref().map(|id| format!("request {id}")),
        quota,
        failure.retry_after.map(|after| format!("try again in {}", seconds(after.into()))),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) }
}

/// A quota in words; none where the vendor says nothing of it.
pub(crate) fn quota_words(quota: &Quota) -> Option<String> {
    match (quota.used, quota.limit) {
        (Some(used), Some(limit)) => Some(format!("{used} of {limit} in use")),
        (Some(used), None) => Some(format!("{used} in use")),
        (None, Some(limit)) => Some(format!("at most {limit}")),
        (None, None) => None,
    }
}

impl From<&AccountError> for Error {
    fn from(error: &AccountError) -> Self {
        let problems = match error {
            AccountError::Settings(problems) => problems.as_slice(),
            _ => &[],
        };
        Self::new("account", error.to_string()).with_problems(problems)
    }
}

impl From<keywright_simulators::Error> for Error {
    fn from(error: keywright_simulators::Error) -> Self {
        Self::new("simulator", error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use keywright_runtime::{Parts, PendingCreation, Problem};

    use super::*;

    fn failed(failure: Failure) -> Error {
        CallError::from(failure).into()
    }

    #[test]
    fn a_failed_call_keeps_its_kind() {
        let error = failed(Failure::new(Reason::Conflict, "it is in use"));
        assert_eq!(error.to_json(), json!({"error": {"kind": "conflict", "message": "it is in use"}}));
    }

    #[test]
    fn all_that_the_vendor_says_of_a_failure_is_reported() {
        let error = failed(Failure {
            completed: Some("the owner was looked up".to_owned()),
            status: Some(429),
            request_id: Some("r-1".to_owned()),
            retry_after: Some(90),
            ..Failure::new(Reason::RateLimited, "too many requests")
        });
        assert_eq!(
            error.message(),
            "too many requests; the owner was looked up (HTTP 429, request r-1, try again in 90 s)"
        );
        let facts = json!({
            "kind": "rate-limited", "message": error.message(), "completed": "the owner was looked up",
            "status": 429, "request_id": "r-1", "retry_after": 90,
        });
        assert_eq!(error.to_json(), json!({ "error": facts }));
    }

    #[test]
    fn a_quota_has_its_numbers() {
        let quota = Quota { limit: Some(2), used: Some(2) };
        let error = failed(Failure { status: Some(403), ..Failure::new(Reason::Quota(quota), "no room") });
        assert_eq!(error.message(), "no room (HTTP 403, 2 of 2 in use)");
        assert_eq!(error.to_json()["error"]["quota"], json!({"limit": 2, "used": 2}));
    }

    #[test]
    fn a_failure_in_doubt_has_the_facts_of_its_cause() {
        let failure = Failure {
            status: Some(502),
            request_id: Some("r-1".to_owned()),
            retry_after: Some(7),
            ..Failure::new(Reason::InDoubt, "the answer is cut short")
        };
        let cause = Box::new(CallError::from(failure));
        let error = Error::from(CallError::InDoubt { cause, minted: Parts::new(), withheld: None });
        assert_eq!(error.message(), "the answer is cut short (request r-1) (HTTP 502, try again in 7 s)");
        assert_eq!((error.kind(), &error.to_json()["error"]["status"]), ("in-doubt", &json!(502)));
    }

    #[test]
    fn a_creation_that_is_pending_has_its_cursor_and_no_secret() {
        let parts = Parts::from_iter([("private_key", "hush".to_owned())]);
        let pending = PendingCreation { cursor: "job-7".to_owned(), parts };
        let error = failed(Failure::new(Reason::Pending(pending), "it goes on"));
        assert_eq!(error.to_json()["error"]["continuation"], "job-7");
        assert!(!error.to_json().to_string().contains("hush"));
    }

    #[test]
    fn the_problems_of_an_invalid_input_are_there_for_programs() {
        let problem = FieldProblem {
            pointer: "/attributes/description".to_owned(),
            problem: Problem::Constraint,
            message: "is too long".to_owned(),
        };
        let error = failed(Failure::invalid(vec![problem])).to_json();
        assert_eq!(error["error"]["kind"], "invalid");
        assert_eq!(error["error"]["problems"][0]["pointer"], "/attributes/description");
        assert_eq!(error["error"]["message"], "the input is not valid: /attributes/description is too long");
    }

    #[test]
    fn context_and_advice_make_one_sentence() {
        let error = Error::usage("it is odd").within("the file `x`").advise("use another");
        assert_eq!(error.message(), "the file `x`: it is odd: use another");
    }
}

//! What came of a call, taken apart.

use std::fmt::Debug;

use keywright_runtime::{CallError, Failure, FieldProblem, Problem, Reason};

/// The failure that the vendor or the input was the cause of.
#[track_caller]
pub(crate) fn failure<T: Debug>(outcome: Result<T, CallError>) -> Failure {
    match outcome {
        Err(CallError::Failed(failure)) => failure,
        // An answer that could not be read is kept with the failure.
        Err(CallError::InDoubt { cause, minted, .. }) if minted.is_empty() => failure::<()>(Err(*cause)),
        other => panic!("no failure: {other:?}"),
    }
}

/// Why it failed.
#[track_caller]
pub(crate) fn reason<T: Debug>(outcome: Result<T, CallError>) -> Reason {
    failure(outcome).reason
}

/// What a reading that met this fault fails with: a page that is not the vendor's own says that it is not.
pub(crate) fn unread(fault: &str) -> Reason {
    if fault.starts_with("html") { Reason::UnexpectedResponse } else { Reason::Unavailable }
}

/// How long to wait, of a call that the vendor had too many requests for.
#[track_caller]
pub(crate) fn wait_when_limited<T: Debug>(outcome: Result<T, CallError>) -> Option<u32> {
    let failure = failure(outcome);
    assert_eq!(failure.reason, Reason::RateLimited, "{failure:?}");
    failure.retry_after
}

/// What was wrong with the input.
#[track_caller]
pub(crate) fn problems<T: Debug>(outcome: Result<T, CallError>) -> Vec<FieldProblem> {
    match reason(outcome) {
        Reason::Invalid { problems } => problems,
        other => panic!("not invalid: {other:?}"),
    }
}

/// The one thing that was wrong with the input: where, and what.
#[track_caller]
pub(crate) fn problem<T: Debug>(outcome: Result<T, CallError>) -> (String, Problem) {
    let problems = problems(outcome);
    match problems.as_slice() {
        [one] => (one.pointer.clone(), one.problem),
        several => panic!("not one problem: {several:?}"),
    }
}

/// The host's own finding.
#[track_caller]
pub(crate) fn found<T: Debug>(outcome: Result<T, CallError>) -> CallError {
    match outcome {
        Err(CallError::Failed(failure)) => panic!("the adapter's failure, not the host's finding: {failure:?}"),
        Err(error) => error,
        Ok(value) => panic!("no error: {value:?}"),
    }
}

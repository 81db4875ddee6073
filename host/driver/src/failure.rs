//! What a failed call means to the engine.

use keywright_lifecycle::{Certainty, Failure, FailureClass};
use keywright_runtime::{CallError, Reason};
use keywright_sinks::SinkError;

/// The failure of a call, as the engine acts on it.
pub(crate) fn of_call(error: &CallError) -> Failure {
    let (mut failure, certainty) = match error {
        CallError::InDoubt { cause, .. } => (of_call(cause), Certainty::InDoubt),
        CallError::Failed(failed) => {
            let certainty = match failed.reason {
                Reason::InDoubt | Reason::Other { .. } | Reason::Pending(_) => Certainty::InDoubt,
                _ => Certainty::NoEffect,
            };
            let retry_after = failed.retry_after;
            (Failure { retry_after, ..plain(class(&failed.reason), error.to_string()) }, certainty)
        }
        CallError::Unauthenticatable(_) | CallError::TokenRefused { .. } | CallError::Credential(_) => {
            (plain(FailureClass::Unauthorized, error.to_string()), Certainty::NoEffect)
        }
        CallError::Limit { .. } => (plain(FailureClass::Transient, error.to_string()), Certainty::NoEffect),
        CallError::SelfRevocation { .. } => (plain(FailureClass::Rejected, error.to_string()), Certainty::NoEffect),
        _ => (plain(FailureClass::Internal, error.to_string()), Certainty::NoEffect),
    };
    if certainty == Certainty::InDoubt {
        failure.message = error.to_string();
    }
    Failure { certainty, ..failure }
}

fn class(reason: &Reason) -> FailureClass {
    match reason {
        Reason::RateLimited | Reason::Unavailable | Reason::InDoubt | Reason::Pending(_) => FailureClass::Transient,
        Reason::Quota(_) => FailureClass::Quota,
        Reason::Unauthenticated | Reason::Forbidden => FailureClass::Unauthorized,
        Reason::NotFound => FailureClass::NotFound,
        Reason::Invalid { .. } | Reason::Conflict | Reason::Vendor { .. } => FailureClass::Rejected,
        Reason::Unsupported => FailureClass::Unsupported,
        _ => FailureClass::Internal,
    }
}

/// The failure of a sink.
pub(crate) fn of_sink(error: &SinkError) -> Failure {
    let class = if error.is_transient() { FailureClass::Transient } else { FailureClass::Rejected };
    let certainty = if error.is_in_doubt() { Certainty::InDoubt } else { Certainty::NoEffect };
    Failure { certainty, ..plain(class, error.to_string()) }
}

/// A failure without effect.
pub(crate) fn plain(class: FailureClass, message: impl Into<String>) -> Failure {
    Failure { class, certainty: Certainty::NoEffect, message: message.into(), retry_after: None }
}

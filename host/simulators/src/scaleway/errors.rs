//! The API's errors: one flat JSON object, told apart by its `type` (Scaleway's Go SDK, `scw/errors.go`).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Value, json};

use crate::fields::{Problem, ProblemKind};

/// Why a request was not granted.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Something in the request is wrong. Form recorded on the live API; that all problems come at once is a choice.
    InvalidArguments(Vec<Problem>),
    /// The token is not good, for a reason that the Go SDK knows. Form measured on the live API.
    DeniedAuthentication(Denial),
    /// The caller lacks a right. Form recorded on another product of Scaleway; the names of IAM's own actions and
    /// resources are unknown, these are a choice.
    PermissionsDenied { action: &'static str, resource: &'static str },
    /// The organisation has as many keys as it may. Form from the Go SDK's tests; status 403 and the resource's name
    /// are unknown, a choice.
    QuotaExceeded { quota: usize, current: usize },
    /// There is no such thing. Form recorded on the live API.
    NotFound { resource: &'static str, id: String },
    /// The state of things forbids it. Form recorded on another product of Scaleway.
    PreconditionFailed { precondition: &'static str, help: &'static str },
    /// No such path, or not with this method. The form is unknown, a choice.
    NoSuchRoute(StatusCode),
}

/// Why a token is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denial {
    /// It is missing, or is no UUID.
    Malformed,
    /// No key has it: it never existed, was deleted, or has not spread yet.
    Unknown,
    /// Its key is past its expiry.
    Expired,
}

impl Refusal {
    pub(super) fn constraint(field: &str, help: impl Into<String>) -> Self {
        Self::InvalidArguments(vec![Problem::new(field, ProblemKind::Constraint, help)])
    }

    pub(super) fn no_access_key(id: &str) -> Self {
        Self::NotFound { resource: "access_key", id: id.to_owned() }
    }

    fn body(self) -> (StatusCode, Value) {
        match self {
            Self::InvalidArguments(problems) => {
                let details: Vec<_> = problems.into_iter().map(detail).collect();
                let body = json!({
                    "details": details,
                    "message": "invalid argument(s)",
                    "type": "invalid_arguments",
                });
                (StatusCode::BAD_REQUEST, body)
            }
            Self::DeniedAuthentication(denial) => {
                let reason = match denial {
                    Denial::Malformed => "invalid_argument",
                    Denial::Unknown => "not_found",
                    Denial::Expired => "expired",
                };
                let body = json!({
                    "message": "authentication is denied",
                    "method": "api_key",
                    "reason": reason,
                    "type": "denied_authentication",
                });
                (StatusCode::UNAUTHORIZED, body)
            }
            Self::PermissionsDenied { action, resource } => {
                let body = json!({
                    "details": [{"action": action, "resource": resource}],
                    "message": "insufficient permissions",
                    "type": "permissions_denied",
                });
                (StatusCode::FORBIDDEN, body)
            }
            Self::QuotaExceeded { quota, current } => {
                let body = json!({
                    "details": [{"current": current, "quota": quota, "resource": "iam_api_keys"}],
                    "message": "quota(s) exceeded for this resource",
                    "type": "quotas_exceeded",
                });
                (StatusCode::FORBIDDEN, body)
            }
            Self::NotFound { resource, id } => {
                let body = json!({
                    "message": "resource is not found",
                    "resource": resource,
                    "resource_id": id,
                    "type": "not_found",
                });
                (StatusCode::NOT_FOUND, body)
            }
            Self::PreconditionFailed { precondition, help } => {
                let body = json!({
                    "help_message": help,
                    "message": "precondition is not respected",
                    "precondition": precondition,
                    "type": "precondition_failed",
                });
                (StatusCode::PRECONDITION_FAILED, body)
            }
            Self::NoSuchRoute(status) => {
                let message = status.canonical_reason().unwrap_or("no such route").to_lowercase();
                (status, json!({"message": message}))
            }
        }
    }
}

fn detail(problem: Problem) -> Value {
    let reason = match problem.kind {
        ProblemKind::Required => "required",
        ProblemKind::Format => "format",
        ProblemKind::Constraint => "constraint",
    };
    json!({"argument_name": problem.field, "help_message": problem.help, "reason": reason})
}

impl From<Vec<Problem>> for Refusal {
    fn from(problems: Vec<Problem>) -> Self {
        Self::InvalidArguments(problems)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, body) = self.body();
        (status, Json(body)).into_response()
    }
}

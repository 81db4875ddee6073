//! The management API's errors: one flat JSON object with an `id` for the status (API description).

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    quirks::{ForbiddenId, Quirks, QuotaAnswer},
    throttle::Exceeded,
};
use crate::fields::Problem;

/// Why a request was not granted. Texts are DigitalOcean's where a comment names their source, otherwise unknown; a choice.
#[derive(Debug, Clone)]
pub(super) enum Refusal {
    /// Something in the request is wrong; that all problems come at once is a choice.
    Invalid(Vec<Problem>),
    /// A grant names a bucket that does not exist. The status is likely, not known.
    NoBucket(String),
    /// A grant names a bucket that has a policy. The status is unknown: the Terraform provider takes 412 for final, and
    /// nothing else of the service is known to answer it; a choice.
    BucketPolicy(String),
    /// Full access cannot become limited, or the reverse (API description).
    Conversion,
    /// The grants of a key cannot change.
    Grants,
    /// The token is missing or not good (text reported by users of the API).
    Unauthorized,
    /// The token lacks a scope (text recorded on another route).
    Forbidden,
    /// There is no such key (text of other routes).
    NotFound,
    /// The account has as many keys as it may.
    Quota(usize),
    /// There were too many requests.
    Throttled(Exceeded),
    /// The service failed (text of the API description).
    Failed,
    /// No such path, or not with this method.
    NoSuchRoute(StatusCode),
}

impl Refusal {
    /// Status, id and message.
    fn parts(&self, quirks: &Quirks) -> (StatusCode, &'static str, String) {
        let bad = |message: String| (StatusCode::BAD_REQUEST, "bad_request", message);
        let forbidden = match quirks.forbidden_id {
            ForbiddenId::Capital => "Forbidden",
            ForbiddenId::Small => "forbidden",
        };
        match self {
            Self::Invalid(problems) => {
                let texts: Vec<_> = problems.iter().map(|it| format!("{}: {}", it.field, it.help)).collect();
                bad(texts.join("; "))
            }
            Self::NoBucket(bucket) => bad(format!("bucket {bucket} does not exist")),
            Self::BucketPolicy(bucket) => {
                let message =
                    format!("bucket {bucket} has a bucket policy and cannot be used with a limited access key");
                (StatusCode::PRECONDITION_FAILED, "precondition_failed", message)
            }
            Self::Conversion => bad("a fullaccess key cannot be converted to a scoped key or vice versa".to_owned()),
            Self::Grants => bad("only the name of a key can be updated".to_owned()),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized", "Unable to authenticate you".to_owned()),
            Self::Forbidden => {
                (StatusCode::FORBIDDEN, forbidden, "You are not authorized to perform this operation".to_owned())
            }
            Self::NotFound => {
                let message = "The resource you were accessing could not be found.";
                (StatusCode::NOT_FOUND, "not_found", message.to_owned())
            }
            Self::Quota(most) => {
                let message = format!("the account has reached its limit of {most} Spaces access keys");
                match quirks.quota_answer {
                    QuotaAnswer::BadRequest => bad(message),
                    QuotaAnswer::Forbidden => (StatusCode::FORBIDDEN, forbidden, message),
                    QuotaAnswer::PreconditionFailed => {
                        (StatusCode::PRECONDITION_FAILED, "precondition_failed", message)
                    }
                    QuotaAnswer::UnprocessableEntity => {
                        (StatusCode::UNPROCESSABLE_ENTITY, "unprocessable_entity", message)
                    }
                }
            }
            Self::Throttled(_) => {
                (StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "API Rate limit exceeded.".to_owned())
            }
            Self::Failed => {
                (StatusCode::INTERNAL_SERVER_ERROR, "server_error", "Unexpected server-side error".to_owned())
            }
            Self::NoSuchRoute(status) => {
                let id = if *status == StatusCode::METHOD_NOT_ALLOWED { "method_not_allowed" } else { "not_found" };
                (*status, id, status.canonical_reason().unwrap_or("No such route").to_owned())
            }
        }
    }

    /// Its status and body.
    pub(super) fn body(&self, quirks: &Quirks, request_id: &str) -> (StatusCode, Value) {
        let (status, id, message) = self.parts(quirks);
        let mut body = json!({"id": id, "message": message});
        if quirks.request_id {
            body["request_id"] = json!(request_id);
        }
        (status, body)
    }
}

impl From<Vec<Problem>> for Refusal {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Invalid(problems)
    }
}

/// How it is written is known only where the account is: the gateway finds the refusal in the extensions.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

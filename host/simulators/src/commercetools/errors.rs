//! Errors: those of the API host, and those of the authorization host, which say their code once more.
//!
//! The Terraform provider breaks down over a code of the API host that its SDK does not know, so these are all of the
//! codes that it knows.

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
    /// The body is no JSON object.
    InvalidJson(String),
    /// Something in the draft is wrong.
    InvalidDraft(Vec<Wrong>),
    /// A parameter of the query is wrong.
    InvalidInput(String),
    /// Another client has this name.
    DuplicateName(String),
    /// The project has as many clients as it may.
    TooManyClients,
    /// The access token is missing, unknown or past its end.
    InvalidToken,
    /// The access token lacks these scopes, of which one would do.
    InsufficientScope(Vec<String>),
    /// There is no such client, or no such project.
    NotFound { id: String, body: bool },
    /// No such path, or not with this method. The form is unknown, a choice.
    NoSuchRoute(StatusCode),
    /// The authorization host does not know the client, or the secret is another's.
    InvalidClient,
    /// The authorization host does not grant this scope, in these words.
    InvalidScope(String),
    /// The authorization host cannot read the request.
    InvalidRequest(&'static str),
    /// The authorization host has no such grant type.
    UnsupportedGrantType,
}

/// What is wrong with a field of a draft.
#[derive(Debug)]
pub(super) struct Wrong {
    field: String,
    value: Value,
    required: bool,
    help: String,
}

impl Wrong {
    /// `value` is what was given.
    pub(super) fn new(problem: Problem, value: Value) -> Self {
        let required = problem.kind == ProblemKind::Required;
        Self { field: problem.field, value, required, help: problem.help }
    }

    fn error(self) -> Value {
        let Self { field, value, required, help } = self;
        if required {
            return json!({"code": "RequiredField", "message": format!("{field}: {help}"), "field": field});
        }
        let message = format!("The value '{value}' is not valid for field '{field}'. {help}");
        json!({"code": "InvalidField", "message": message, "field": field, "invalidValue": value})
    }
}

impl Refusal {
    fn parts(self) -> (StatusCode, Option<Value>) {
        let (status, body) = match self {
            Self::InvalidJson(detail) => {
                let message = "Request body does not contain valid JSON.";
                let error = json!({"code": "InvalidJsonInput", "message": message, "detailedErrorMessage": detail});
                refused(StatusCode::BAD_REQUEST, vec![error])
            }
            Self::InvalidDraft(wrong) => {
                refused(StatusCode::BAD_REQUEST, wrong.into_iter().map(Wrong::error).collect())
            }
            Self::InvalidInput(message) => simply(StatusCode::BAD_REQUEST, "InvalidInput", &message),
            Self::DuplicateName(name) => {
                let message = format!("A duplicate value '\"{name}\"' exists for field 'name'.");
                let error =
                    json!({"code": "DuplicateField", "message": message, "field": "name", "duplicateValue": name});
                refused(StatusCode::BAD_REQUEST, vec![error])
            }
            Self::TooManyClients => {
                // What the resource is called here is unknown, a choice.
                let message = "The maximum number of API clients of this project has been reached.";
                let error = json!({
                    "code": "MaxResourceLimitExceeded", "message": message, "exceededResource": "api-client",
                });
                refused(StatusCode::BAD_REQUEST, vec![error])
            }
            Self::InvalidToken => auth(StatusCode::UNAUTHORIZED, "invalid_token", "invalid_token", false),
            Self::InsufficientScope(missing) => {
                let missing = missing.join(" ");
                let message = format!("Insufficient scope. One of the following scopes is missing: {missing}.");
                auth(StatusCode::FORBIDDEN, "insufficient_scope", &message, true)
            }
            Self::NotFound { body: false, .. } => return (StatusCode::NOT_FOUND, None),
            Self::NotFound { id, body: true } => {
                let message = format!("The Resource with ID '{id}' was not found.");
                simply(StatusCode::NOT_FOUND, "ResourceNotFound", &message)
            }
            Self::NoSuchRoute(status) => {
                let message = status.canonical_reason().unwrap_or("No such route");
                (status, json!({"statusCode": status.as_u16(), "message": message}))
            }
            Self::InvalidClient => {
                let message = "Please provide valid client credentials using HTTP Basic Authentication.";
                auth(StatusCode::UNAUTHORIZED, "invalid_client", message, false)
            }
            Self::InvalidScope(message) => auth(StatusCode::BAD_REQUEST, "invalid_scope", &message, true),
            Self::InvalidRequest(message) => auth(StatusCode::BAD_REQUEST, "invalid_request", message, true),
            Self::UnsupportedGrantType => {
                let message = "Invalid grant type.";
                auth(StatusCode::BAD_REQUEST, "unsupported_grant_type", message, true)
            }
        };
        (status, Some(body))
    }
}

/// 500, with a code that says nothing more.
pub(super) fn server_error() -> Response {
    let message = "Oops. Something went wrong. Please contact support.";
    let (status, body) = simply(StatusCode::INTERNAL_SERVER_ERROR, "General", message);
    (status, Json(body)).into_response()
}

/// No official page has a 429. Its body is a choice: the code that the Go SDK knows for too much load.
pub(super) fn rate_limited() -> Response {
    let (status, body) = simply(StatusCode::TOO_MANY_REQUESTS, "OverCapacity", "Too many requests. Please try again.");
    (status, Json(body)).into_response()
}

fn simply(status: StatusCode, code: &str, message: &str) -> (StatusCode, Value) {
    refused(status, vec![json!({"code": code, "message": message})])
}

fn refused(status: StatusCode, errors: Vec<Value>) -> (StatusCode, Value) {
    let message = errors.first().map_or(Value::Null, |error| error["message"].clone());
    (status, json!({"statusCode": status.as_u16(), "message": message, "errors": errors}))
}

/// What OAuth 2.0 has a code for says it in OAuth's way too.
fn auth(status: StatusCode, code: &str, message: &str, described: bool) -> (StatusCode, Value) {
    let (status, mut body) = simply(status, code, message);
    body["error"] = json!(code);
    if described {
        body["error_description"] = json!(message);
    }
    (status, body)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self.parts() {
            (status, Some(body)) => (status, Json(body)).into_response(),
            (status, None) => status.into_response(),
        }
    }
}

//! The API's errors: a list of one, told apart by its code (`resources/gateway_errors.yaml` of the Python SDK; statuses as
//! recorded on the live API and on the error page of the API).

use std::str::FromStr;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

use super::quirks::ErrorForm;

macro_rules! codes {
    ($($(#[$about:meta])* $variant:ident = $code:literal, $status:literal, $kind:literal;)+) => {
        /// A code, as far as this fake says any.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Code { $($(#[$about])* $variant),+ }

        impl Code {
            /// The code, its status and its type.
            fn parts(self) -> (u32, u16, &'static str) {
                match self { $(Self::$variant => ($code, $status, $kind)),+ }
            }
        }

        impl FromStr for Code {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                $(if text == stringify!($code) { return Ok(Self::$variant); })+
                Err(())
            }
        }
    };
}

codes! {
    /// The signature, or the password, is not good (status and type measured on the live API).
    Denied = 1, 401, "AccessDenied";
    NoSuchMethod = 2, 405, "MethodNotAllowed";
    Unauthorized = 4, 401, "AccessDenied";
    NotAuthorized = 5, 401, "AccessDenied";
    NotAllowed = 7, 401, "AccessDenied";
    /// Too many failures: locked for a while.
    Locked = 13, 401, "AccessDenied";
    /// API access rules are not met.
    AccessRules = 14, 401, "AccessDenied";
    UnknownAuthorization = 12, 401, "AccessDenied";
    PlatformThrottled = 6, 503, "ErrorOperationThrottledWholePlatform";
    AccountThrottled = 24, 429, "ErrorOperationThrottledPerAccount";
    CallThrottled = 25, 429, "ErrorOperationThrottledPerCall";
    AccessKeysNotFound = 4000, 400, "InvalidParameterValue";
    InvalidParameter = 4045, 400, "InvalidParameterValue";
    InvalidValue = 4047, 400, "InvalidParameterValue";
    InvalidLength = 4106, 400, "InvalidParameterValue";
    /// The name of the type was reported (issue 342 of the Terraform provider), its code is a choice.
    InvalidType = 4108, 400, "InvalidParameterType";
    /// Measured on the live API.
    UnknownAccessKey = 4120, 400, "InvalidParameterValue";
    NoSuchKey = 5027, 400, "InvalidResource";
    NoSuchUser = 5075, 400, "InvalidResource";
    /// The status is unknown; a choice.
    InvalidState = 6003, 409, "InvalidState";
    Conflict = 9011, 409, "ResourceConflict";
    DuplicateUser = 9022, 409, "ResourceConflict";
    /// The status is unknown; a choice. The spelling is OUTSCALE's.
    TooManyAccessKeys = 10005, 400, "TooManyResources (QuotaExceded)";
    ServerError = 2000, 500, "InternalError";
}

impl Code {
    /// A refusal with this code, in words that are a choice.
    pub(super) fn because(self, details: impl Into<String>) -> Refusal {
        Refusal { code: self, details: details.into() }
    }

    /// In the form of a gateway in front of the API.
    pub(super) fn in_form(self, form: ErrorForm, details: &str) -> Response {
        let (code, status, kind) = self.parts();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (content_type, body) = match form {
            ErrorForm::Errors => ("application/json", body(code, kind, details)),
            ErrorForm::Type => ("application/json", json!({"__type": kind, "message": details})),
            ErrorForm::Problem => {
                let body = json!({"type": "about:blank", "title": kind, "status": status.as_u16(), "detail": details});
                ("application/problem+json", body)
            }
        };
        (status, [(header::CONTENT_TYPE, content_type)], body.to_string()).into_response()
    }
}

fn body(code: u32, kind: &str, details: &str) -> Value {
    json!({
        "Errors": [{"Code": code.to_string(), "Type": kind, "Details": details}],
        "ResponseContext": {"RequestId": Uuid::new_v4()},
    })
}

/// Why a request was not granted.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: Code,
    pub(super) details: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.code.in_form(ErrorForm::Errors, &self.details)
    }
}

/// An answer: these fields, and the context that every answer has.
pub(super) fn granted(mut body: Value) -> Response {
    body["ResponseContext"] = json!({"RequestId": Uuid::new_v4()});
    Json(body).into_response()
}

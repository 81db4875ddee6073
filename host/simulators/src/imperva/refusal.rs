//! Why a request was not granted, in each of the forms that Imperva's APIs use.

use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde_json::{Value, json};

use super::quirks::{ErrorForm, Quirks};
use crate::fields::{Problem, ProblemKind};

/// Why a request was not granted. The texts are unknown but for those whose source is named; they are a choice.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Something in the request is wrong.
    Invalid(Vec<Problem>),
    /// The API ID and the API key are not those of an API client that may be used now.
    Unauthenticated,
    /// They are those of one that is disabled (`res` 9418 and its text: issue 340 of the Terraform provider).
    Disabled,
    /// The caller lacks a permission.
    Forbidden(&'static str),
    /// The account is not there, or not for the caller.
    Account,
    /// There is no such API client.
    NotFound,
    /// There is no such user (the words of the provider's acceptance test).
    UnknownUser(String),
    /// The user has as many API clients as there may be.
    Quota(usize),
    /// The user has an API client of this name.
    NameTaken,
    /// The account has not consented (the Terraform provider's documentation names the setting).
    Consent,
    /// Too many requests.
    RateLimited,
    /// Imperva failed.
    Internal,
}

/// The number that Imperva would quote to its support; the one of issue 340.
const ID_INFO: &str = "999999";

struct Told {
    status: StatusCode,
    res: u32,
    code: &'static str,
    title: &'static str,
    /// The field that is wrong, where it is one, and the text.
    details: Vec<(Option<String>, String)>,
}

impl Refusal {
    fn told(self, quirks: &Quirks) -> Told {
        let told = |status, res, code, title, text: &str| Told {
            status,
            res,
            code,
            title,
            details: vec![(None, text.to_owned())],
        };
        match self {
            Self::Invalid(problems) => {
                let details = problems.into_iter().map(detail).collect();
                Told { details, ..told(StatusCode::BAD_REQUEST, 2, "INVALID_INPUT", "Bad Request", "") }
            }
            Self::Unauthenticated => {
                let text = "Authentication failed";
                told(StatusCode::UNAUTHORIZED, 9415, "UNAUTHORIZED", "Unauthorized", text)
            }
            Self::Disabled => {
                told(StatusCode::UNAUTHORIZED, 9418, "DISABLED_API_KEY", "Unauthorized", "Disabled API Key")
            }
            Self::Forbidden(text) => told(StatusCode::FORBIDDEN, 9415, "OPERATION_NOT_ALLOWED", "Forbidden", text),
            Self::Account => {
                let text = "Unknown/unauthorized account id";
                told(StatusCode::FORBIDDEN, 9413, "UNKNOWN_ACCOUNT", "Forbidden", text)
            }
            Self::NotFound => told(StatusCode::NOT_FOUND, 2002, "OBJECT_NOT_FOUND", "Not Found", "Object not found"),
            Self::UnknownUser(email) => {
                let text = format!("Can't find user with email {email}");
                told(quirks.unknown_user_status, 2, "USER_NOT_FOUND", "Invalid user", &text)
            }
            Self::Quota(quota) => {
                let text = format!("The limit of {quota} API keys for this user was reached");
                told(quirks.quota_status, 2, "API_KEY_LIMIT", "Not allowed", &text)
            }
            Self::NameTaken => {
                let text = "An API client with this name already exists";
                told(StatusCode::CONFLICT, 2, "ALREADY_EXISTS", "Conflict", text)
            }
            Self::Consent => {
                let text = "API Client Creation Consent is not enabled for the account";
                told(StatusCode::FORBIDDEN, 9415, "CONSENT_REQUIRED", "Forbidden", text)
            }
            Self::RateLimited => {
                let text = "Rate limit exceeded";
                told(StatusCode::TOO_MANY_REQUESTS, 9415, "RATE_LIMIT", "Too Many Requests", text)
            }
            Self::Internal => {
                let (status, title) = (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
                told(status, 3015, "INTERNAL_ERROR", title, "Internal error")
            }
        }
    }

    /// As the provisioning API, version 1, refuses a credential: with 401 (issue 352 of the Terraform provider), but with
    /// 200 when it is disabled (issue 340).
    pub(super) fn answer_v1(self, quirks: &Quirks) -> Response {
        let told = self.told(quirks);
        let status = if told.res == 9418 { StatusCode::OK } else { told.status };
        (status, Json(told.v1())).into_response()
    }

    pub(super) fn answer(self, quirks: &Quirks) -> Response {
        // A disabled credential has been seen to be refused with 200, by a neighbouring API; whether this one does the
        // same is unknown. A credential that is not known has been seen to be refused with 401.
        let form = match (&self, quirks.disabled_is_401) {
            (Self::Disabled, false) => return self.answer_v1(quirks),
            _ => quirks.error_form,
        };
        let told = self.told(quirks);
        let keeps_status = [StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS].contains(&told.status);
        let status = if quirks.refuse_with_200 && !keeps_status { StatusCode::OK } else { told.status };
        let body = match form {
            ErrorForm::V3 => told.v3(),
            ErrorForm::V2 => told.v2(),
            ErrorForm::V1 => told.v1(),
            ErrorForm::Role => told.role(),
        };
        (status, Json(body)).into_response()
    }
}

impl Told {
    fn text(&self) -> String {
        let texts: Vec<String> = self
            .details
            .iter()
            .map(|(field, text)| match field {
                Some(field) => format!("{field}: {text}"),
                None => text.clone(),
            })
            .collect();
        texts.join(", ")
    }

    /// `imperva_v3_errors.go` of the Terraform provider.
    fn v3(&self) -> Value {
        let errors = self.details.iter().map(|(field, text)| {
            let mut error = json!({
                "status": self.status.as_u16(), "id": ID_INFO, "code": 0, "title": self.title, "detail": text,
            });
            if let Some(field) = field {
                error["source"] = json!({"pointer": format!("/{field}")});
            }
            error
        });
        json!({"errors": errors.collect::<Vec<_>>()})
    }

    /// The form before that: the status is text, and there is a message.
    fn v2(&self) -> Value {
        let error = json!({"status": self.status.as_str(), "id": ID_INFO, "message": self.text()});
        json!({"errors": [error]})
    }

    /// The provisioning API, version 1. Some versions write `res` as text.
    fn v1(&self) -> Value {
        json!({"res": self.res, "res_message": self.text(), "debug_info": {"id-info": ID_INFO}})
    }

    /// The user and role management API.
    fn role(&self) -> Value {
        json!({"error_code": self.code, "message": self.text(), "placeholders": {}})
    }
}

fn detail(problem: Problem) -> (Option<String>, String) {
    let text = match problem.kind {
        ProblemKind::Required => format!("{} is required", problem.field),
        _ => format!("{} {}", problem.field, problem.help),
    };
    (Some(problem.field), text)
}

impl From<Vec<Problem>> for Refusal {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Invalid(problems)
    }
}

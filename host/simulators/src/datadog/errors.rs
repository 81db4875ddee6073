//! The API's errors: `{"errors": ["text"]}`. Texts that were not recorded are a choice.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{Html, IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    organization::Organization,
    quirks::{DuplicateName, ForbiddenForm, Quirks, QuotaAnswer},
};
use crate::fields::Problem;

/// Why a request was not granted.
#[derive(Debug, Clone)]
pub(super) enum Refusal {
    /// Something in the request is wrong. Status declared in the API description; the texts are unknown.
    Invalid(Vec<Problem>),
    /// Another key has the name (names are unique by Datadog's documentation; what the API says is unknown).
    Duplicate(String),
    /// The organization has as many keys as it may. Status and text are unknown.
    Quota(usize),
    /// The organization would be left without a key.
    LastKey,
    /// A key is wrong or missing, or a permission is missing: no way to tell which. Text quoted in issues of Datadog's
    /// clients.
    Forbidden,
    /// There is no API key in a request that asks whether it is valid. Recorded on the live API.
    KeyRequired,
    /// The same as [`Forbidden`](Self::Forbidden), in the form that the reference has for `/api/v2/validate`.
    Invalidated,
    /// One of the two keys is wrong, where 401 is declared: `/api/v2/validate_keys`.
    Unauthorized,
    /// There is no such key, or the id does not have the form of one. Recorded on the live API.
    NotFound,
    /// No such path, or not with this method. The form is unknown, a choice.
    NoSuchRoute(StatusCode),
}

/// What the edge says when it refuses on its own (reported for the `app.` host).
const PAGE: &str = "<html>\n<head><title>403 Forbidden</title></head>\n<body>\n\
    <center><h1>403 Forbidden</h1></center>\n</body>\n</html>\n";

impl Refusal {
    fn answer(self, quirks: &Quirks) -> Response {
        let (status, texts) = match self {
            Self::Invalid(problems) => {
                let text = |problem: Problem| format!("{}: {}", problem.field, problem.help);
                (StatusCode::BAD_REQUEST, problems.into_iter().map(text).collect())
            }
            Self::Duplicate(name) => {
                let status = match quirks.duplicate_name {
                    DuplicateName::Conflict => StatusCode::CONFLICT,
                    DuplicateName::BadRequest | DuplicateName::Accept => StatusCode::BAD_REQUEST,
                };
                (status, vec![format!("An API key named {name:?} already exists")])
            }
            Self::Quota(most) => {
                let status = match quirks.quota_answer {
                    QuotaAnswer::BadRequest => StatusCode::BAD_REQUEST,
                    QuotaAnswer::Forbidden => StatusCode::FORBIDDEN,
                };
                (status, vec![format!("The organization has reached its limit of {most} API keys")])
            }
            Self::LastKey => (StatusCode::BAD_REQUEST, vec!["The last API key cannot be deleted".to_owned()]),
            Self::Forbidden => return forbidden(quirks.forbidden_form),
            Self::KeyRequired => (StatusCode::FORBIDDEN, vec!["API key required".to_owned()]),
            Self::Invalidated if quirks.forbidden_form == ForbiddenForm::Plain => {
                let error = json!({"status": "403", "title": "Forbidden", "detail": "Forbidden"});
                return (StatusCode::FORBIDDEN, Json(json!({"errors": [error]}))).into_response();
            }
            Self::Invalidated => return forbidden(quirks.forbidden_form),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, vec!["Unauthorized".to_owned()]),
            Self::NotFound => (StatusCode::NOT_FOUND, vec!["API key not found".to_owned()]),
            Self::NoSuchRoute(status) => {
                (status, vec![status.canonical_reason().unwrap_or("No such route").to_owned()])
            }
        };
        (status, Json(body(&texts))).into_response()
    }
}

fn forbidden(form: ForbiddenForm) -> Response {
    match form {
        ForbiddenForm::Plain => (StatusCode::FORBIDDEN, Json(body(&["Forbidden".to_owned()]))).into_response(),
        ForbiddenForm::Verbose => {
            let body = json!({
                "status": "error",
                "code": 403,
                "errors": ["Forbidden"],
                "statuspage": "http://status.datadoghq.com",
                "twitter": "http://twitter.com/datadogops",
                "email": "support@datadoghq.com",
            });
            (StatusCode::FORBIDDEN, Json(body)).into_response()
        }
        ForbiddenForm::Html => (StatusCode::FORBIDDEN, Html(PAGE)).into_response(),
    }
}

/// The form of all errors.
pub(super) fn body(texts: &[String]) -> Value {
    json!({"errors": texts})
}

impl From<Vec<Problem>> for Refusal {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Invalid(problems)
    }
}

/// Which form it takes is known only where the organization is: [`write`] finds the refusal in the extensions.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes a refusal in the organization's forms.
pub(super) async fn write(State(organization): State<Arc<Organization>>, mut answer: Response) -> Response {
    match answer.extensions_mut().remove::<Refusal>() {
        None => answer,
        Some(refusal) => refusal.answer(&organization.quirks),
    }
}

//! The API's errors. They come in several forms, and which one is used where is not documented: options decide.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{
    account::GcoreAccount,
    authentication::Denial,
    quirks::{ErrorForm, Quirks, QuotaAnswer},
};
use crate::random;

/// Why a request was not granted.
#[derive(Debug, Clone)]
pub(super) enum Refusal {
    /// Texts of fields, each with the field's path (API description).
    Fields(Vec<(&'static str, String)>),
    /// The body is no JSON (API description).
    Json(String),
    /// The token is not good.
    Denied(Denial),
    /// The caller lacks a right (API description).
    Forbidden,
    /// A reseller's account (documentation); how it is said is unknown, a choice.
    Reseller,
    /// The account has as many tokens as it may. What is said is unknown; a choice.
    Quota(usize),
    /// Texts of the API description.
    NoToken,
    NoAccount,
    /// No such path, or not with this method. Unknown; a choice.
    NoSuchRoute(StatusCode),
}

impl Refusal {
    pub(super) fn field(path: &'static str, text: impl Into<String>) -> Self {
        Self::Fields(vec![(path, text.into())])
    }

    fn body(self, quirks: &Quirks) -> (StatusCode, Value) {
        let form = quirks.error_form;
        let told = |status, class, code, text: &str| (status, whole(form, class, code, text));
        match self {
            Self::Fields(fields) if form == ErrorForm::Platform => {
                let mut body = platform("ValidationError", "Validation error");
                body["invalid_fields"] = nested(fields);
                (StatusCode::BAD_REQUEST, body)
            }
            Self::Fields(fields) => (StatusCode::BAD_REQUEST, json!({"errors": nested(fields)})),
            Self::Json(text) => told(StatusCode::BAD_REQUEST, "ValidationError", "parse_error", &text),
            Self::Denied(denial) => {
                let (text, code) = match denial {
                    Denial::Missing => {
                        ("Authentication credentials were not provided.".to_owned(), "not_authenticated")
                    }
                    Denial::Incomplete(token) => (format!("Bad permanent token: {token}"), "authentication_failed"),
                    Denial::Invalid => ("Token is invalid or expired".to_owned(), "token_not_valid"),
                    Denial::OfAnotherKind => ("Given token not valid for any token type".to_owned(), "token_not_valid"),
                };
                told(StatusCode::UNAUTHORIZED, "HTTPError", code, &text)
            }
            Self::Forbidden => {
                let text = "You do not have permission to perform this action.";
                told(StatusCode::FORBIDDEN, "ForbiddenError", "permission_denied", text)
            }
            Self::Reseller => {
                let text = "Reseller accounts cannot create API tokens.";
                told(StatusCode::FORBIDDEN, "HTTPError", "reseller", text)
            }
            Self::Quota(most) => {
                let text = format!("The account has reached the limit of {most} API tokens.");
                match quirks.quota_answer {
                    QuotaAnswer::Platform => (StatusCode::FORBIDDEN, platform("QuotaLimitExceed", &text)),
                    QuotaAnswer::Errors => (StatusCode::BAD_REQUEST, json!({"errors": {"non_field_errors": [text]}})),
                    QuotaAnswer::Message => (StatusCode::FORBIDDEN, json!({"message": text})),
                }
            }
            Self::NoToken => told(StatusCode::NOT_FOUND, "NotFoundError", "not_found", "API token not found."),
            Self::NoAccount => told(StatusCode::NOT_FOUND, "NotFoundError", "not_found", "Account not found."),
            Self::NoSuchRoute(status) => {
                let text = format!("{}.", status.canonical_reason().unwrap_or("No such route"));
                told(status, "HTTPError", "not_found", &text)
            }
        }
    }
}

/// An error about the whole.
fn whole(form: ErrorForm, class: &str, code: &str, text: &str) -> Value {
    match form {
        ErrorForm::Message => json!({"message": text}),
        ErrorForm::Detail => json!({"detail": text, "code": code}),
        ErrorForm::Platform => platform(class, text),
    }
}

/// The form of the platform's page of errors.
fn platform(class: &str, text: &str) -> Value {
    json!({
        "exception_class": class,
        "message": text,
        "request_id": random::text(b"0123456789abcdef", 32),
    })
}

/// `client_user.role` as `{"client_user": {"role": [...]}}`.
fn nested(fields: Vec<(&'static str, String)>) -> Value {
    let mut root = Map::new();
    for (path, text) in fields {
        let mut names = path.rsplit('.');
        let last = names.next().unwrap_or_default();
        let mut inner = &mut root;
        for name in names.rev() {
            let next = inner.entry(name).or_insert_with(|| json!({}));
            match next {
                Value::Object(fields) => inner = fields,
                // The field above has a text of its own already, which says enough.
                _ => return Value::Object(root),
            }
        }
        match inner.entry(last).or_insert_with(|| json!([])) {
            Value::Array(texts) => texts.push(json!(text)),
            other => *other = json!([text]),
        }
    }
    Value::Object(root)
}

/// Which form it takes is known only where the account is: [`write`] finds the refusal in the extensions.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes a refusal in the account's forms.
pub(super) async fn write(State(account): State<Arc<GcoreAccount>>, mut answer: Response) -> Response {
    match answer.extensions_mut().remove::<Refusal>() {
        None => answer,
        Some(refusal) => {
            let (status, body) = refusal.body(&account.quirks);
            (status, Json(body)).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_nested_fields_are_nested() {
        let fields = vec![
            ("name", "one".to_owned()),
            ("client_user.role.id", "two".to_owned()),
            ("client_user.role.name", "three".to_owned()),
            ("name", "four".to_owned()),
        ];
        let expected = json!({"name": ["one", "four"], "client_user": {"role": {"id": ["two"], "name": ["three"]}}});
        assert_eq!(nested(fields), expected);
        assert_eq!(nested(vec![("a", "x".to_owned()), ("a.b", "y".to_owned())]), json!({"a": ["x"]}));
    }
}

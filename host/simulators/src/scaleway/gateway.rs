//! What Scaleway's gateway adds to every answer, and what it says on its own.

use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;
use uuid::Uuid;

const SERVER: HeaderValue = HeaderValue::from_static("Scaleway API Gateway (fr-par-1;edge01)");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const RATE_LIMITED: HeaderName = HeaderName::from_static("x-envoy-ratelimited");

/// Every answer of the API, the empty 204 too, carries these (recorded answers of the live API).
pub(super) async fn dress(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CONTENT_TYPE, JSON);
    sign(answer)
}

/// An empty body without a content type, and no `Retry-After` (recorded on Scaleway's block storage API).
pub(super) fn rate_limited() -> Response {
    let headers = [(RATE_LIMITED, HeaderValue::from_static("true"))];
    sign((StatusCode::TOO_MANY_REQUESTS, headers).into_response())
}

/// A 5xx has a message at most (Scaleway's Go SDK, `scw/errors.go`).
pub(super) fn server_error() -> Response {
    let body = Json(json!({"message": "internal error"}));
    sign((StatusCode::INTERNAL_SERVER_ERROR, body).into_response())
}

fn sign(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.insert(header::SERVER, SERVER);
    if let Ok(id) = HeaderValue::from_str(&Uuid::new_v4().to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    answer
}

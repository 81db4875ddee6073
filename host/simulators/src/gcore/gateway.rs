//! What comes before the API itself.

use std::num::NonZeroU32;

use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, header};
use serde_json::json;

/// 429 (API description), with or without `Retry-After`. The body is unknown; a choice.
pub(super) fn rate_limited(retry_after: Option<NonZeroU32>) -> Response {
    let body = Json(json!({"message": "Request was throttled."}));
    match retry_after {
        None => (StatusCode::TOO_MANY_REQUESTS, body).into_response(),
        Some(seconds) => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())], body).into_response()
        }
    }
}

/// The body is unknown; a choice.
pub(super) fn server_error() -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({"message": "Internal server error."}))).into_response()
}

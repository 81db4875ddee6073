//! What every answer carries.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use uuid::Uuid;

const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");
const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// Answers say their character set, and have an id to trace them by: the caller's, or one made for it (release notes of
/// 25 April 2018).
pub(super) async fn dress(request: Request, next: Next) -> Response {
    let given = request.headers().get(CORRELATION_ID).cloned();
    let mut answer = next.run(request).await;
    sign(answer.headers_mut(), given);
    answer
}

pub(super) fn sign(headers: &mut HeaderMap, given: Option<HeaderValue>) {
    if headers.contains_key(header::CONTENT_TYPE) {
        headers.insert(header::CONTENT_TYPE, JSON);
    }
    let made = || HeaderValue::from_str(&format!("projects-{}", Uuid::new_v4())).ok();
    if let Some(id) = given.or_else(made) {
        headers.insert(CORRELATION_ID, id);
    }
}

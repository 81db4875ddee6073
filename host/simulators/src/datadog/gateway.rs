//! What comes before the API itself: headers of every answer, and limits of requests.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};

use super::{
    errors,
    organization::Organization,
    quirks::Quirks,
    rate::{Allowance, Limit},
};

/// The limit that the fault of that name speaks of when no option sets one. The real one is not published.
const UNPUBLISHED: u32 = 100;

/// What the limit is called, for asking Datadog to raise it; the real name is unknown, a choice.
const LIMIT_NAME: HeaderValue = HeaderValue::from_static("api_keys_management");

/// Every answer of the API, the empty 204 too, carries these (recorded answers of the live API).
pub(super) async fn dress(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.entry(header::CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    answer
}

/// Counts a request against the organization's limit, when it has one. Without one the headers are absent, as in the
/// recorded answers. That all endpoints share one limit, and that a request counts whoever sends it, is a choice.
pub(super) async fn limit(State(organization): State<Arc<Organization>>, request: Request, next: Next) -> Response {
    let Some(allowance) = organization.allow() else {
        return next.run(request).await;
    };
    let mut answer = if allowance.exceeded { refused(&allowance.limit) } else { next.run(request).await };
    tell(&allowance, &mut answer);
    answer
}

/// The headers of Datadog's page on rate limits; there is no `Retry-After`.
fn tell(allowance: &Allowance, answer: &mut Response) {
    let numbers = [
        ("x-ratelimit-limit", u64::from(allowance.limit.requests)),
        ("x-ratelimit-period", u64::from(allowance.limit.period.get())),
        ("x-ratelimit-remaining", u64::from(allowance.remaining)),
        ("x-ratelimit-reset", u64::from(allowance.reset)),
    ];
    let headers = answer.headers_mut();
    for (name, number) in numbers {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(number));
    }
    headers.insert(HeaderName::from_static("x-ratelimit-name"), LIMIT_NAME);
}

/// The text is quoted in issues of Datadog's Terraform provider.
fn refused(limit: &Limit) -> Response {
    let text = format!(
        "Rate limit of {} requests in {} seconds reached. Please try again later.",
        limit.requests, limit.period
    );
    (StatusCode::TOO_MANY_REQUESTS, Json(errors::body(&[text]))).into_response()
}

/// A 429 that no count led to.
pub(super) fn rate_limited(quirks: &Quirks) -> Response {
    let limit = quirks.limit().unwrap_or(Limit { requests: UNPUBLISHED, period: quirks.rate_limit_period });
    let mut answer = refused(&limit);
    if quirks.rate_limit_reset > 0 {
        let reset = quirks.rate_limit_reset;
        tell(&Allowance { limit, remaining: 0, reset, exceeded: true }, &mut answer);
    }
    answer
}

/// The text is unknown, a choice.
pub(super) fn server_error() -> Response {
    let body = errors::body(&["Internal Server Error".to_owned()]);
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}

//! What the gateway adds to every answer, and what it says on its own.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, StatusCode, header};

use super::{account::Account, errors::Code};

/// On every answer, as recorded on the live API; those that came with success only stand apart.
const ALWAYS: [(HeaderName, &str); 1] = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
const ON_SUCCESS: [(HeaderName, &str); 5] = [
    (header::REFERRER_POLICY, "origin-when-cross-origin"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    (header::X_XSS_PROTECTION, "1; mode=block"),
];

/// Every answer carries these. The date is the vendor's own clock's.
pub(super) async fn dress(State(account): State<Arc<Account>>, request: Request, next: Next) -> Response {
    sign(&account, next.run(request).await)
}

/// No `Retry-After` is documented.
pub(super) fn rate_limited(account: &Account) -> Response {
    sign(account, account.quirks.throttle.in_form(account.quirks.error_form, "The rate of requests is exceeded."))
}

pub(super) fn server_error(account: &Account) -> Response {
    sign(account, Code::ServerError.in_form(account.quirks.error_form, "An internal error occurred."))
}

fn sign(account: &Account, mut answer: Response) -> Response {
    let success = answer.status() == StatusCode::OK;
    let headers = answer.headers_mut();
    for (name, value) in ALWAYS.into_iter().chain(ON_SUCCESS.into_iter().filter(|_| success)) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let date = account.clock.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        headers.insert(header::DATE, date);
    }
    answer
}

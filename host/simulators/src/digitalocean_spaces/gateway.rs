//! What the management API's gateway adds to every answer, and what it says on its own.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use uuid::Uuid;

use super::{
    account::SpacesAccount,
    errors::Refusal,
    router,
    throttle::{Exceeded, Standing},
};

/// The headers of DigitalOcean's API description (`shared/headers.yml`).
const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Completes the answers of the management API. Those of the S3 endpoint are complete.
pub(super) async fn dress(State(account): State<Arc<SpacesAccount>>, request: Request, next: Next) -> Response {
    let is_management = router::is_management(request.uri().path());
    let answer = next.run(request).await;
    if is_management { finish(&account, answer) } else { answer }
}

/// Both header families: those of the hourly limit, and the `Retry-After` of the limit on bursts.
pub(super) fn rate_limited(account: &SpacesAccount) -> Response {
    let reset = account.clock.now() + chrono::TimeDelta::minutes(1);
    let limit = account.quirks.hourly_limit;
    let standing = (limit > 0).then_some(Standing { limit, remaining: 0, reset });
    let retry_after = account.quirks.retry_after.map(Into::into);
    finish(account, Refusal::Throttled(Exceeded { retry_after, standing }).into_response())
}

pub(super) fn server_error(account: &SpacesAccount) -> Response {
    finish(account, Refusal::Failed.into_response())
}

/// Says in the headers how many requests are left.
pub(super) fn insert_limits(standing: Option<Standing>, headers: &mut HeaderMap) {
    if let Some(standing) = standing {
        headers.insert(LIMIT, standing.limit.into());
        headers.insert(REMAINING, standing.remaining.into());
        headers.insert(RESET, standing.reset.timestamp().into());
    }
}

fn finish(account: &SpacesAccount, mut answer: Response) -> Response {
    let request_id = Uuid::new_v4().to_string();
    if let Some(refusal) = answer.extensions_mut().remove::<Refusal>() {
        let (status, body) = refusal.body(&account.quirks, &request_id);
        let kept = std::mem::take(answer.headers_mut());
        answer = (status, Json(body)).into_response();
        for name in [LIMIT, REMAINING, RESET] {
            if let Some(value) = kept.get(&name) {
                answer.headers_mut().insert(name, value.clone());
            }
        }
        if let Refusal::Throttled(exceeded) = refusal {
            insert_limits(exceeded.standing, answer.headers_mut());
            if let Some(seconds) = exceeded.retry_after {
                answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
        }
    }
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    answer
}

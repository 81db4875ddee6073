//! Who calls.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::HeaderMap;
use serde_json::json;

use super::{
    cloud::{Caller, Cloud},
    refusal::Refusal,
};

/// The caller, by `x-API-Id` and `x-API-Key`. Both in the query, which the documentation also allows, is not here.
fn caller(cloud: &Cloud, headers: &HeaderMap) -> Result<Caller, Refusal> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (header("x-api-id"), header("x-api-key")) {
        (Some(id), Some(api_key)) => cloud.authenticate(id, api_key),
        _ => Err(Refusal::Unauthenticated),
    }
}

/// Lets a request through that comes with an API client that works.
pub(super) async fn authenticate(State(cloud): State<Arc<Cloud>>, mut request: Request, next: Next) -> Response {
    match caller(&cloud, request.headers()) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(refusal) => refusal.answer(&cloud.quirks),
    }
}

/// `POST /api/prov/v1/account/verify`, which the Terraform provider calls at every start: 200 whatever comes of it, and
/// `res` tells (the provider's `client.go`; its tests have this answer). No permission is asked for.
pub(super) async fn verify(State(cloud): State<Arc<Cloud>>, headers: HeaderMap) -> Response {
    let caller = match caller(&cloud, &headers) {
        Ok(caller) => caller,
        Err(refusal) => return refusal.answer_v1(&cloud.quirks),
    };
    let parent = cloud.parent(caller.account);
    let body = json!({
        "account_type": if parent.is_some() { "SubAccount" } else { "Account" },
        "account_id": caller.account,
        "parent_id": parent.unwrap_or(1),
        "account_name": "Example",
        "plan_id": "ent100",
        "plan_name": "Enterprise",
        "res": 0,
        "res_message": "OK",
        "debug_info": {"id-info": "999999"},
    });
    Json(body).into_response()
}

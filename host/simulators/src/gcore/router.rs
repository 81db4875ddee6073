//! The routes.

use std::sync::Arc;

use axum::{
    Extension, Router,
    middleware::{from_fn_with_state, map_response_with_state},
    routing::{get, post},
};
use http::StatusCode;

use super::{
    account::GcoreAccount,
    authentication::authenticate,
    errors::{self, Refusal},
    list, me,
    quirks::V1,
    tokens,
};

/// The version of the token endpoints, told apart by a segment of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    V1,
    V2,
}

pub(super) fn router(account: Arc<GcoreAccount>) -> Router {
    let mut router = Router::new()
        .route("/iam/clients/me", get(me::client))
        .route("/iam/users/me", get(me::user))
        .merge(tokens_at("/iam/v2/clients/{client_id}/tokens", Version::V2));
    if account.quirks.v1 == V1::Served {
        router = router.merge(tokens_at("/iam/clients/{client_id}/tokens", Version::V1));
    }
    router
        .route_layer(from_fn_with_state(Arc::clone(&account), authenticate))
        .fallback(async || Refusal::NoSuchRoute(StatusCode::NOT_FOUND))
        .method_not_allowed_fallback(async || Refusal::NoSuchRoute(StatusCode::METHOD_NOT_ALLOWED))
        .layer(map_response_with_state(Arc::clone(&account), errors::write))
        .with_state(account)
}

fn tokens_at(path: &str, version: Version) -> Router<Arc<GcoreAccount>> {
    Router::new()
        .route(path, post(tokens::create).get(list::list))
        .route(&format!("{path}/{{token_id}}"), get(tokens::get).delete(tokens::delete))
        .layer(Extension(version))
}

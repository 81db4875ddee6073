//! The routes.

use std::sync::Arc;

use axum::{
    Router,
    middleware::{from_fn_with_state, map_response, map_response_with_state},
    routing::{get, post},
};
use http::StatusCode;

use super::{
    api_keys,
    authentication::authenticate,
    errors::{self, Refusal},
    gateway, list,
    organization::Organization,
    quirks::Preview,
    validate,
};

pub(super) const API_KEYS: &str = "/api/v2/api_keys";
pub(super) const VALIDATE_V1: &str = "/api/v1/validate";
pub(super) const VALIDATE_V2: &str = "/api/v2/validate";

pub(super) fn router(organization: Arc<Organization>) -> Router {
    let mut router = Router::new()
        .route(API_KEYS, post(api_keys::create).get(list::list))
        .route(&format!("{API_KEYS}/{{id}}"), get(api_keys::get).patch(api_keys::update).delete(api_keys::delete))
        .route_layer(from_fn_with_state(Arc::clone(&organization), authenticate))
        .route(VALIDATE_V1, get(validate::v1))
        .route("/api/v2/validate_keys", get(validate::keys));
    if organization.quirks.preview == Preview::Served {
        router = router.route(VALIDATE_V2, get(validate::v2));
    }
    router
        .fallback(async || Refusal::NoSuchRoute(StatusCode::NOT_FOUND))
        .method_not_allowed_fallback(async || Refusal::NoSuchRoute(StatusCode::METHOD_NOT_ALLOWED))
        .layer(map_response_with_state(Arc::clone(&organization), errors::write))
        .layer(from_fn_with_state(Arc::clone(&organization), gateway::limit))
        .layer(map_response(gateway::dress))
        .with_state(organization)
}

//! The routes.

use std::sync::Arc;

use axum::{
    Json, Router,
    middleware::{from_fn_with_state, map_response},
    routing::{get, post},
};
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    api_keys, applications, authentication::authenticate, errors::Refusal, gateway, list, organization::Organization,
    organizations, users,
};

pub(super) const API_KEYS: &str = "/iam/v1alpha1/api-keys";
const APPLICATIONS: &str = "/iam/v1alpha1/applications";
const USERS: &str = "/iam/v1alpha1/users";

pub(super) fn router(organization: Arc<Organization>) -> Router {
    Router::new()
        .route(API_KEYS, post(api_keys::create).get(list::list))
        .route(
            &format!("{API_KEYS}/{{access_key}}"),
            get(api_keys::get).patch(api_keys::update).delete(api_keys::delete),
        )
        .route(APPLICATIONS, post(applications::create).get(applications::list))
        .route(
            &format!("{APPLICATIONS}/{{id}}"),
            get(applications::get).patch(applications::update).delete(applications::delete),
        )
        .route(USERS, post(users::create).get(users::list))
        .route(&format!("{USERS}/{{id}}"), get(users::get).patch(users::update).delete(users::delete))
        .route("/iam/v1alpha1/organizations/{id}/security-settings", get(organizations::security_settings))
        .route_layer(from_fn_with_state(Arc::clone(&organization), authenticate))
        // Whether it needs a token is unknown; that it does not is a choice.
        .route("/metadata", get(metadata))
        .fallback(async || Refusal::NoSuchRoute(StatusCode::NOT_FOUND))
        .method_not_allowed_fallback(async || Refusal::NoSuchRoute(StatusCode::METHOD_NOT_ALLOWED))
        .layer(map_response(gateway::dress))
        .with_state(organization)
}

/// What the Go SDK asks for to fill in resource names. It reads these three keys (`scw/client.go`); the real values are
/// unknown, these are a choice.
async fn metadata() -> Json<Value> {
    Json(json!({"platform": "scaleway", "partition": "scw", "domain": "scaleway.com"}))
}

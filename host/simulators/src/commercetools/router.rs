//! The routes of both hosts, at one origin.

use std::sync::Arc;

use axum::{
    Router,
    middleware::from_fn,
    routing::{get, post},
};
use http::StatusCode;

use super::{api_clients, errors::Refusal, gateway, list, project::Project, settings, tokens};

pub(super) fn router(project: Arc<Project>) -> Router {
    Router::new()
        .route("/oauth/token", post(tokens::token))
        .route("/oauth/introspect", post(tokens::introspect))
        .route("/{project_key}", get(settings::get))
        .route("/{project_key}/api-clients", post(api_clients::create).get(list::list).head(list::exists))
        .route("/{project_key}/api-clients/{id}", get(api_clients::get).delete(api_clients::delete))
        .fallback(async || Refusal::NoSuchRoute(StatusCode::NOT_FOUND))
        .method_not_allowed_fallback(async || Refusal::NoSuchRoute(StatusCode::METHOD_NOT_ALLOWED))
        .layer(from_fn(gateway::dress))
        .with_state(project)
}

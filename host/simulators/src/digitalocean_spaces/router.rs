//! The routes.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use http::StatusCode;

use super::{account::SpacesAccount, authentication::authenticate, errors::Refusal, gateway, keys, list, s3};

pub(super) const KEYS: &str = "/v2/spaces/keys";

/// Whether a path is the management API's.
pub(super) fn is_management(path: &str) -> bool {
    path.strip_prefix("/v2").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub(super) fn router(account: Arc<SpacesAccount>) -> Router {
    Router::new()
        .route(KEYS, post(keys::create).get(list::list))
        .route(
            &format!("{KEYS}/{{access_key}}"),
            get(keys::get).put(keys::replace).patch(keys::patch).delete(keys::delete),
        )
        .route_layer(from_fn_with_state(Arc::clone(&account), authenticate))
        .fallback(elsewhere)
        .method_not_allowed_fallback(async || Refusal::NoSuchRoute(StatusCode::METHOD_NOT_ALLOWED))
        .layer(from_fn_with_state(Arc::clone(&account), gateway::dress))
        .with_state(account)
}

async fn elsewhere(State(account): State<Arc<SpacesAccount>>, request: Request) -> Response {
    if is_management(request.uri().path()) {
        Refusal::NoSuchRoute(StatusCode::NOT_FOUND).into_response()
    } else {
        s3::serve(&account, request).await
    }
}

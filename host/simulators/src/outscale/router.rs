//! The routes: every call is a POST to its name.

use std::sync::Arc;

use axum::{Router, middleware::from_fn_with_state, response::IntoResponse as _, routing::post};
use http::StatusCode;

use super::{access_keys, account::Account, authentication::authenticate, errors::Code, gateway, public, users};

/// What stands before the name of a call.
pub(super) const PREFIX: &str = "/api/v1/";

pub(super) fn router(account: Arc<Account>) -> Router {
    let call = |name: &str| format!("{PREFIX}{name}");
    let mut router = Router::new()
        .route(&call("CreateAccessKey"), post(access_keys::create))
        .route(&call("ReadAccessKeys"), post(access_keys::read))
        .route(&call("UpdateAccessKey"), post(access_keys::update))
        .route(&call("DeleteAccessKey"), post(access_keys::delete))
        .route(&call("CreateUser"), post(users::create))
        .route(&call("ReadUsers"), post(users::read))
        .route(&call("DeleteUser"), post(users::delete))
        .route(&call("ReadLinkedPolicies"), post(users::linked_policies))
        .route(&call("ReadAccounts"), post(users::accounts))
        .route_layer(from_fn_with_state(Arc::clone(&account), authenticate));
    for (name, field) in public::CALLS {
        router = router.route(&call(name), post(async move || public::answer(field)));
    }
    router
        // An address that is none is a gateway's to answer; its form is unknown, a choice.
        .fallback(async || StatusCode::NOT_FOUND.into_response())
        .method_not_allowed_fallback(async || Code::NoSuchMethod.because("The method is not allowed."))
        .layer(from_fn_with_state(Arc::clone(&account), gateway::dress))
        .with_state(account)
}

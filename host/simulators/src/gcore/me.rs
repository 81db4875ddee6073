//! Who the caller is. The fields are those of the API description; of most of them a real answer was not seen, so their
//! values are a choice.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{
    account::{ADMINISTRATOR, COLLEAGUE, GcoreAccount, User},
    authentication::Caller,
    errors::Refusal,
};

/// `GET /iam/clients/me`.
pub(super) async fn client(
    State(account): State<Arc<GcoreAccount>>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Refusal> {
    if caller.role.is_purge_only() && !account.quirks.purge_roles_read_account {
        return Err(Refusal::Forbidden);
    }
    let body = json!({
        "id": account.id,
        "users": [user_shown(&account, &ADMINISTRATOR), user_shown(&account, &COLLEAGUE)],
        "currentUser": caller.user.id,
        "email": "ops@example.com",
        "phone": null,
        "name": ADMINISTRATOR.name,
        "status": "active",
        "companyName": "Example",
        "website": "https://example.com",
        "capabilities": ["CDN"],
        "serviceStatuses": {"CDN": {"status": "active", "enabled": true}},
        "paidFeatures": {},
        "freeFeatures": {},
    });
    Ok(Json(body).into_response())
}

/// `GET /iam/users/me`.
pub(super) async fn user(
    State(account): State<Arc<GcoreAccount>>,
    Extension(caller): Extension<Caller>,
) -> Json<Value> {
    Json(user_shown(&account, caller.user))
}

fn user_shown(account: &GcoreAccount, user: &User) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "lang": "en",
        "phone": null,
        "company": "Example",
        "reseller": 1,
        "client": account.id,
        "deleted": false,
        "groups": [user.role.shown()],
        "activated": true,
        "sso_auth": false,
        "two_fa": false,
        "auth_types": ["password"],
    })
}

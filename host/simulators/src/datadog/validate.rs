//! The three ways to ask whether keys are valid.

use std::sync::Arc;

use axum::{Json, extract::State};
use http::HeaderMap;
use serde_json::{Value, json};

use super::{
    authentication::{api_key, caller},
    errors::Refusal,
    organization::Organization,
    quirks::ValidateKeysRefusal,
};

/// `GET /api/v1/validate`: the API key alone; an application key is not looked at (an issue of Datadog's Go client).
pub(super) async fn v1(
    State(organization): State<Arc<Organization>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let key = api_key(&headers).ok_or(Refusal::KeyRequired)?;
    organization.authenticate(key).ok_or(Refusal::Forbidden)?;
    Ok(Json(json!({"valid": true})))
}

/// `GET /api/v2/validate`, a preview: the API key alone, with its id and its organization's. Without a key it answers as
/// for a wrong one: unknown, a choice.
pub(super) async fn v2(
    State(organization): State<Arc<Organization>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let id = api_key(&headers).and_then(|key| organization.authenticate(key)).ok_or(Refusal::Invalidated)?;
    let reads = organization.records().find(&id.to_string()).is_ok_and(|key| key.remote_config_read_enabled);
    // The reference shows one scope, by this name; that it goes with the attribute is a choice.
    let scopes: &[&str] = if reads { &["remote_config_read"] } else { &[] };
    let attributes = json!({"api_key_id": id, "api_key_scopes": scopes, "valid": true});
    Ok(Json(json!({"data": {"type": "validate_v2", "id": organization.id, "attributes": attributes}})))
}

/// `GET /api/v2/validate_keys`: both keys, and no permission.
pub(super) async fn keys(
    State(organization): State<Arc<Organization>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    caller(&organization, &headers).ok_or(match organization.quirks.validate_keys_refusal {
        ValidateKeysRefusal::Unauthorized => Refusal::Unauthorized,
        ValidateKeysRefusal::Forbidden => Refusal::Forbidden,
    })?;
    Ok(Json(json!({"status": "ok"})))
}

//! The organisation's own settings.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::{authentication::Caller, errors::Refusal, organization::Organization};

/// `GET /iam/v1alpha1/organizations/{id}/security-settings`. The fields are those that the Go SDK's
/// `OrganizationSecuritySettings` reads; a real answer was not seen, so the values but the keys' duration are a choice.
pub(super) async fn security_settings(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    caller.may("read", "organization")?;
    if id != organization.id.to_string() {
        return Err(Refusal::NotFound { resource: "organization", id });
    }
    let longest = organization.quirks.max_key_duration.map_or(0, |longest| longest.num_seconds());
    let settings = json!({
        "enforce_password_renewal": false,
        "grace_period_duration": duration(0),
        "login_attempts_before_locked": 0,
        "max_login_session_duration": duration(0),
        "max_api_key_expiration_duration": duration(longest),
    });
    Ok(Json(settings).into_response())
}

/// A duration as the Go SDK writes one: `7776000.000000000s`.
fn duration(seconds: i64) -> String {
    format!("{seconds}.000000000s")
}

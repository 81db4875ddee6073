//! API keys one at a time: create, get, update, delete.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{
    api_key::Bearer,
    authentication::Caller,
    errors::Refusal,
    organization::{NewKey, Organization, Records, changed_at},
    quirks::ExpiryChange,
    timestamp::Timestamp,
};
use crate::fields::{Fields, ProblemKind};

/// What a right on keys is called in a refusal; unknown, a choice.
pub(super) const RESOURCE: &str = "api_key";

/// The longest description, in characters (validation rules of Scaleway's JavaScript SDK).
pub(super) const LONGEST_DESCRIPTION: usize = 200;

/// `POST /iam/v1alpha1/api-keys`: 200, not 201, with the secret in it.
pub(super) async fn create(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may("create", RESOURCE)?;
    let new = read_new(&body)?;
    organization.check_expiry(new.expires_at)?;

    let mut records = organization.records();
    check_bearer(&records, &caller, new.bearer)?;
    // The quota is the organisation's, not the bearer's (Scaleway's FAQ). That expired keys count is a choice.
    let (quota, current) = (organization.quirks.quota, records.api_keys.len());
    if current >= quota {
        return Err(Refusal::QuotaExceeded { quota, current });
    }
    let key = organization.mint(new);
    let answer = Json(key.shown_once()).into_response();
    records.api_keys.push(key);
    Ok(answer)
}

fn read_new(body: &[u8]) -> Result<NewKey, Refusal> {
    let known = ["application_id", "user_id", "description", "expires_at", "default_project_id"];
    let mut fields = Fields::read(body, &known);
    let application = fields.uuid("application_id").map(Bearer::Application);
    let user = fields.uuid("user_id").map(Bearer::User);
    let description = fields.text("description", LONGEST_DESCRIPTION).unwrap_or_default();
    let expires_at = expiry(&mut fields);
    let default_project_id = fields.uuid("default_project_id");
    let help = "exactly one of application_id and user_id must be given";
    match (fields.gave("application_id"), fields.gave("user_id")) {
        (true, true) => fields.problem("application_id", ProblemKind::Constraint, help),
        (false, false) => fields.problem("application_id", ProblemKind::Required, help),
        _ => {}
    }
    let Some(bearer) = application.or(user) else {
        return Err(fields.into_problems().into());
    };
    fields.finish()?;
    Ok(NewKey { bearer, description, expires_at, default_project_id })
}

fn expiry(fields: &mut Fields) -> Option<Timestamp> {
    let help = "must be a date and time of RFC 3339";
    fields.get("expires_at", help, |value| Timestamp::parse(value.as_str()?))
}

/// A key can be made for an application or for the calling user, never for another user, whatever the rights
/// (Scaleway's documentation, "create API keys"). How that is refused is unknown; 403 is a choice.
fn check_bearer(records: &Records, caller: &Caller, bearer: Bearer) -> Result<(), Refusal> {
    let (resource, exists) = match bearer {
        Bearer::Application(id) => ("application", records.applications.iter().any(|known| known.id == id)),
        Bearer::User(id) => ("user", records.users.iter().any(|known| known.id == id)),
    };
    if !exists {
        let id = bearer.id().to_string();
        return Err(Refusal::NotFound { resource, id });
    }
    match bearer {
        Bearer::User(_) if bearer != caller.bearer => {
            Err(Refusal::PermissionsDenied { action: "create", resource: RESOURCE })
        }
        _ => Ok(()),
    }
}

/// `GET /iam/v1alpha1/api-keys/{access_key}`. A key past its expiry is still there (measured on the live API).
pub(super) async fn get(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    Path(access_key): Path<String>,
) -> Result<Response, Refusal> {
    caller.may("read", RESOURCE)?;
    let mut records = organization.records();
    let key = records.find(&access_key)?;
    Ok(Json(key.shown()).into_response())
}

/// `PATCH /iam/v1alpha1/api-keys/{access_key}`. A field that is absent or null is left alone; for null that is unknown,
/// a choice.
pub(super) async fn update(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    Path(access_key): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may("update", RESOURCE)?;
    let mut fields = Fields::read(&body, &["description", "default_project_id", "expires_at"]);
    let description = fields.text("description", LONGEST_DESCRIPTION);
    let default_project_id = fields.uuid("default_project_id");
    let expires_at = expiry(&mut fields);
    fields.finish()?;

    let mut records = organization.records();
    let key = records.find(&access_key)?;
    refuse_managed(key.managed, "update")?;
    let expires_at = match (key.expires_at, expires_at) {
        (kept, None) => kept,
        (None, Some(first)) => {
            organization.check_expiry(Some(first))?;
            Some(first)
        }
        // To say again what holds is no change.
        (Some(kept), Some(same)) if kept.instant == same.instant => Some(kept),
        (Some(kept), Some(other)) => match organization.quirks.expiry_change {
            ExpiryChange::Refuse => {
                let help = "the expiration date of an API key cannot be changed";
                return Err(Refusal::constraint("expires_at", help));
            }
            ExpiryChange::Ignore => Some(kept),
            ExpiryChange::Accept => {
                organization.check_expiry(Some(other))?;
                Some(other)
            }
        },
    };
    key.expires_at = expires_at;
    if let Some(description) = description {
        key.description = description;
    }
    if let Some(default_project_id) = default_project_id {
        key.default_project_id = default_project_id;
    }
    key.updated_at = changed_at(&organization.clock, key.updated_at);
    Ok(Json(key.shown()).into_response())
}

/// `DELETE /iam/v1alpha1/api-keys/{access_key}`: 204. That a key which is gone answers 404 is likely, not known.
pub(super) async fn delete(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    Path(access_key): Path<String>,
) -> Result<StatusCode, Refusal> {
    caller.may("delete", RESOURCE)?;
    let mut records = organization.records();
    refuse_managed(records.find(&access_key)?.managed, "delete")?;
    records.api_keys.retain(|key| key.access_key != access_key);
    Ok(StatusCode::NO_CONTENT)
}

/// What a change of a managed key answers is unknown; 403 is a choice.
fn refuse_managed(managed: bool, action: &'static str) -> Result<(), Refusal> {
    if managed {
        return Err(Refusal::PermissionsDenied { action, resource: RESOURCE });
    }
    Ok(())
}

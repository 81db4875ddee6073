//! API keys one at a time: create, get, update, delete.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, Uri};
use serde_json::{Value, json};

use super::{
    api_key::ApiKey,
    authentication::{Caller, Permission},
    body::Written,
    errors::Refusal,
    included::Include,
    organization::{NewKey, Organization},
};
use crate::parameters::Parameters;

/// `POST /api/v2/api_keys`: 201, with the value in it (recorded answers of the live API).
pub(super) async fn create(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may(Permission::Write)?;
    let written = Written::creation(&body, organization.quirks.longest_name)?;
    let mut records = organization.records();
    organization.check_name(&records, &written.name, None)?;
    // Managed keys do not count (Datadog's documentation). Which of two refusals comes first is a choice.
    if records.counted() >= organization.quirks.quota {
        return Err(Refusal::Quota(organization.quirks.quota));
    }
    let new = NewKey {
        name: written.name,
        category: written.category,
        remote_config_read_enabled: written.remote_config_read_enabled.unwrap_or(false),
        user: caller.user,
    };
    let key = organization.mint(&mut records, new);
    let answer = json!({"data": key.shown_in_full(organization.clock.now(), &organization.quirks)});
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// `GET /api/v2/api_keys/{api_key_id}`, with the value in it again unless an option or the key itself hides it.
pub(super) async fn get(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Json<Value>, Refusal> {
    caller.may(Permission::Read)?;
    let mut parameters = Parameters::read(&uri, &["include"]);
    let include = Include::read(&mut parameters);
    parameters.finish()?;
    let mut records = organization.records();
    let key = &*records.find(&id)?;
    let mut answer = again(&organization, key);
    if let Some(include) = include {
        answer["included"] = include.of(&organization, [key]);
    }
    Ok(Json(answer))
}

/// `PATCH /api/v2/api_keys/{api_key_id}`: 200, the value stays (recorded answers of the live API).
pub(super) async fn update(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    caller.may(Permission::Write)?;
    let mut records = organization.records();
    let known = records.find(&id)?.id;
    let written = Written::change(&body, known, organization.quirks.longest_name)?;
    organization.check_name(&records, &written.name, Some(known))?;
    let key = records.find(&id)?;
    // The name of a managed key is not editable (Datadog's documentation); how that is refused is unknown, a choice.
    if key.managed && key.name != written.name {
        return Err(Refusal::Forbidden);
    }
    key.name = written.name;
    if let Some(category) = written.category {
        key.category = Some(category);
    }
    if let Some(enabled) = written.remote_config_read_enabled {
        key.remote_config_read_enabled = organization.reads_remote_config(enabled);
    }
    key.modified_at = organization.changed_at(key.modified_at);
    key.modified_by = Some(caller.user);
    Ok(Json(again(&organization, key)))
}

fn again(organization: &Organization, key: &ApiKey) -> Value {
    json!({"data": key.shown_again(organization.clock.now(), &organization.quirks)})
}

/// `DELETE /api/v2/api_keys/{api_key_id}`: 204; a key that is gone is not found (recorded answers of the live API).
pub(super) async fn delete(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    caller.may(Permission::Delete)?;
    let mut records = organization.records();
    let counted = records.counted();
    let key = records.find(&id)?;
    // An organization has one key at least (Datadog's documentation); how that is refused is unknown, a choice.
    if !key.managed && counted == 1 {
        return Err(Refusal::LastKey);
    }
    key.revoked_at = Some(organization.clock.now());
    Ok(StatusCode::NO_CONTENT)
}

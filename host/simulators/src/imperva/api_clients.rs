//! API clients one at a time: create, update, delete.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use http::{StatusCode, Uri};
use uuid::Uuid;

use super::{
    cloud::{Caller, Cloud, NewClient},
    date,
    quirks::{Absent, EmptyDescription},
    refusal::Refusal,
};
use crate::{
    fields::{Fields, ProblemKind},
    parameters::Parameters,
};

/// The longest name, description and email, in characters; the real limits are unknown, this is a choice.
pub(super) const LONGEST_TEXT: usize = 1_000;

/// Numbers of accounts and API clients.
pub(super) const NUMBERS: std::ops::RangeInclusive<usize> = 1..=999_999_999_999_999_999;

/// `POST /authorization/v3/api-clients`: 201, with the API key in it (`client_api_client.go` of the provider).
pub(super) async fn create(
    State(cloud): State<Arc<Cloud>>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    body: Bytes,
) -> Response {
    make(&cloud, &caller, &uri, &body).unwrap_or_else(|refusal| refusal.answer(&cloud.quirks))
}

fn make(cloud: &Cloud, caller: &Caller, uri: &Uri, body: &[u8]) -> Result<Response, Refusal> {
    let mut parameters = Parameters::read(uri, &["caid", "userEmail"]);
    let account = parameters.number("caid", NUMBERS).map(|account| account as u64);
    let email = parameters.text("userEmail", LONGEST_TEXT);
    parameters.finish()?;
    let account = cloud.scope(caller, account)?;

    let mut fields = Fields::read(body, &["name", "description", "expirationDate", "enabled"]);
    fields.require("name");
    let name = fields.text("name", LONGEST_TEXT).unwrap_or_default();
    let description = fields.text("description", LONGEST_TEXT).unwrap_or_default();
    let enabled = fields.flag("enabled").unwrap_or(cloud.quirks.omitted_enabled);
    let expires_at = expiry(&mut fields, cloud);
    fields.finish()?;

    let mut records = cloud.records();
    let user = match email {
        Some(email) => cloud.known_user(&records, account, &email)?,
        None => caller.user.clone(),
    };
    caller.may_manage(&user)?;
    if !cloud.quirks.consent {
        return Err(Refusal::Consent);
    }
    let mut others = records.clients.iter().filter(|client| client.is_of(&user));
    if others.clone().count() >= cloud.quirks.quota {
        return Err(Refusal::Quota(cloud.quirks.quota));
    }
    if cloud.quirks.unique_names && others.any(|client| client.name == name) {
        return Err(Refusal::NameTaken);
    }
    let client = cloud.mint(&mut records, NewClient { account, user, name, description, enabled, expires_at });
    let answer = (StatusCode::CREATED, Json(client.answered(true, &cloud.quirks))).into_response();
    records.clients.push(client);
    Ok(answer)
}

/// An expiry, which must be in the future (the documentation).
fn expiry(fields: &mut Fields, cloud: &Cloud) -> Option<DateTime<Utc>> {
    let help = "must be a date in the format YYYY-MM-DDTHH:mm:ssZ";
    let expires_at = fields.get("expirationDate", help, |value| date::read(value.as_str()?))?;
    if expires_at <= cloud.clock.now() {
        fields.problem("expirationDate", ProblemKind::Constraint, "must be a future date");
    }
    Some(expires_at)
}

/// `PATCH /authorization/v3/api-clients/{id}`: 200, with the API key when it is a new one.
pub(super) async fn update(
    State(cloud): State<Arc<Cloud>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    uri: Uri,
    body: Bytes,
) -> Response {
    change(&cloud, &caller, &id, &uri, &body).unwrap_or_else(|refusal| missing_or(&cloud, refusal))
}

fn change(cloud: &Cloud, caller: &Caller, id: &str, uri: &Uri, body: &[u8]) -> Result<Response, Refusal> {
    let account = account_of(cloud, caller, uri)?;
    let mut fields = Fields::read(body, &["name", "description", "expirationDate", "enabled", "regenerate"]);
    let name = fields.text("name", LONGEST_TEXT);
    if name.as_deref() == Some("") {
        fields.problem("name", ProblemKind::Constraint, "must not be empty");
    }
    let mut description = fields.text("description", LONGEST_TEXT);
    if description.as_deref() == Some("") {
        match cloud.quirks.empty_description {
            EmptyDescription::Clear => {}
            EmptyDescription::Ignore => description = None,
            EmptyDescription::Refuse => {
                fields.problem("description", ProblemKind::Constraint, "must not be empty");
            }
        }
    }
    let enabled = fields.flag("enabled");
    let expires_at = expiry(&mut fields, cloud);
    let regenerate = fields.flag("regenerate").unwrap_or(false);
    fields.finish()?;

    let mut records = cloud.records();
    let client = records.find(account, id)?;
    caller.may_manage(&client.user)?;
    client.name = name.unwrap_or_else(|| client.name.clone());
    client.description = description.unwrap_or_else(|| client.description.clone());
    client.enabled = enabled.unwrap_or(client.enabled);
    client.expires_at = expires_at.or(client.expires_at);
    let minted = regenerate || (cloud.quirks.date_regenerates && expires_at.is_some());
    if minted {
        client.api_key = Uuid::new_v4();
        client.known_from = cloud.clock.now() + cloud.quirks.consistency_delay;
    }
    Ok(Json(client.answered(minted, &cloud.quirks)).into_response())
}

/// `DELETE /authorization/v3/api-clients/{id}`: 204.
pub(super) async fn delete(
    State(cloud): State<Arc<Cloud>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    uri: Uri,
) -> Response {
    match end(&cloud, &caller, &id, &uri) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => missing_or(&cloud, refusal),
    }
}

fn end(cloud: &Cloud, caller: &Caller, id: &str, uri: &Uri) -> Result<(), Refusal> {
    let account = account_of(cloud, caller, uri)?;
    let mut records = cloud.records();
    let client = records.find(account, id)?;
    caller.may_manage(&client.user)?;
    let id = client.id;
    records.clients.retain(|client| client.id != id);
    Ok(())
}

fn account_of(cloud: &Cloud, caller: &Caller, uri: &Uri) -> Result<u64, Refusal> {
    let mut parameters = Parameters::read(uri, &["caid"]);
    let account = parameters.number("caid", NUMBERS).map(|account| account as u64);
    parameters.finish()?;
    cloud.scope(caller, account)
}

/// How an API client is said not to be there, which is unknown; any other refusal as it is.
pub(super) fn missing_or(cloud: &Cloud, refusal: Refusal) -> Response {
    match (&refusal, cloud.quirks.absent) {
        (Refusal::NotFound, Absent::Bare) => StatusCode::NOT_FOUND.into_response(),
        (Refusal::NotFound, Absent::Res) => {
            let body = serde_json::json!({"res": "2002", "res_message": "Object not found", "debug_info": {}});
            Json(body).into_response()
        }
        _ => refusal.answer(&cloud.quirks),
    }
}

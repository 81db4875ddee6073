//! Access keys one at a time: create, get, update, delete.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde_json::json;

use super::{
    account::SpacesAccount,
    authentication::Caller,
    errors::Refusal,
    grants::Access,
    quirks::{Conversion, GrantsChange, NameCharacters, PatchWithoutGrants, Quirks},
};
use crate::fields::{Fields, Problem, ProblemKind};

/// The fields of a key (API description). Those that only answers have are taken and ignored in a request, and any others
/// are refused: unknown, a choice, so that a misspelt one does not pass.
const FIELDS: [&str; 5] = ["name", "grants", "access_key", "secret_key", "created_at"];

/// What a request says of a key. A field that is null is not given: godo sends that for no grants.
struct Given {
    name: Option<String>,
    access: Option<Access>,
}

impl Given {
    fn read(body: &[u8], quirks: &Quirks) -> Result<Self, Vec<Problem>> {
        let mut fields = Fields::read(body, &FIELDS);
        let name = fields.text("name", quirks.longest_name);
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if quirks.name_characters == NameCharacters::Plain && name.as_ref().is_some_and(|name| !name.chars().all(plain))
        {
            let help = "must have letters, digits, dots, hyphens and underscores only";
            fields.problem("name", ProblemKind::Constraint, help);
        }
        let grants = fields.get("grants", "must be a list", |value| value.as_array().cloned());
        let access = match grants.map(|grants| Access::read(&grants)).transpose() {
            Ok(access) => access,
            Err(problem) => {
                fields.problem("grants", ProblemKind::Constraint, problem.to_string());
                None
            }
        };
        fields.finish()?;
        Ok(Self { name, access })
    }
}

/// `POST /v2/spaces/keys`: 201 with the secret in it. Names need not be unique, and may be absent, as the description has
/// no rule against either; unknown, a choice.
pub(super) async fn create(
    State(account): State<Arc<SpacesAccount>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may(|scopes| scopes.create_credentials)?;
    let given = Given::read(&body, &account.quirks)?;
    let access = given.access.unwrap_or(Access::NONE);

    let mut records = account.records();
    account.check_buckets(&records, &access)?;
    let quota = account.quirks.quota;
    if records.existing().count() >= quota {
        return Err(Refusal::Quota(quota));
    }
    let key = account.mint(given.name.unwrap_or_default(), access);
    let answer = (StatusCode::CREATED, Json(json!({"key": key.shown_once()}))).into_response();
    records.keys.push(key);
    Ok(answer)
}

/// `GET /v2/spaces/keys/{access_key}`.
pub(super) async fn get(
    State(account): State<Arc<SpacesAccount>>,
    Extension(caller): Extension<Caller>,
    Path(access_key): Path<String>,
) -> Result<Response, Refusal> {
    caller.may(|scopes| scopes.read)?;
    let mut records = account.records();
    let key = records.find(&access_key)?;
    Ok(Json(json!({"key": key.shown()})).into_response())
}

/// `PUT /v2/spaces/keys/{access_key}`. That it replaces, so that what it does not name becomes empty, is likely, not known.
pub(super) async fn replace(
    State(account): State<Arc<SpacesAccount>>,
    Extension(caller): Extension<Caller>,
    Path(access_key): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may(|scopes| scopes.update)?;
    let given = Given::read(&body, &account.quirks)?;
    let name = Some(given.name.unwrap_or_default());
    let access = Some(given.access.unwrap_or(Access::NONE));
    update(&account, &access_key, Given { name, access })
}

/// `PATCH /v2/spaces/keys/{access_key}`.
pub(super) async fn patch(
    State(account): State<Arc<SpacesAccount>>,
    Extension(caller): Extension<Caller>,
    Path(access_key): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may(|scopes| scopes.update)?;
    let given = Given::read(&body, &account.quirks)?;
    let access = match account.quirks.patch_without_grants {
        PatchWithoutGrants::Keep => given.access,
        PatchWithoutGrants::Clear => Some(given.access.unwrap_or(Access::NONE)),
    };
    update(&account, &access_key, Given { name: given.name, access })
}

fn update(account: &SpacesAccount, access_key: &str, given: Given) -> Result<Response, Refusal> {
    let mut records = account.records();
    let kept = records.find(access_key)?.access.clone();
    let access = match given.access {
        Some(wanted) if wanted != kept && takes(account, &kept, &wanted)? => {
            account.check_buckets(&records, &wanted)?;
            wanted
        }
        _ => kept,
    };
    let key = records.find(access_key)?;
    key.access = access;
    if let Some(name) = given.name {
        key.name = name;
    }
    Ok(Json(json!({"key": key.shown()})).into_response())
}

/// Whether an access that is to be another becomes that, or stays.
fn takes(account: &SpacesAccount, kept: &Access, wanted: &Access) -> Result<bool, Refusal> {
    let quirks = &account.quirks;
    if kept.is_full() != wanted.is_full() {
        return match quirks.conversion {
            Conversion::Refuse => Err(Refusal::Conversion),
            Conversion::Ignore => Ok(false),
        };
    }
    match quirks.grants_change {
        GrantsChange::Accept => Ok(true),
        GrantsChange::Refuse => Err(Refusal::Grants),
        GrantsChange::Ignore => Ok(false),
    }
}

/// `DELETE /v2/spaces/keys/{access_key}`: 204. A key that is gone answers 404.
pub(super) async fn delete(
    State(account): State<Arc<SpacesAccount>>,
    Extension(caller): Extension<Caller>,
    Path(access_key): Path<String>,
) -> Result<StatusCode, Refusal> {
    caller.may(|scopes| scopes.delete)?;
    let now = account.clock.now();
    let mut records = account.records();
    records.find(&access_key)?.known_until = Some(now + account.quirks.deletion_delay);
    records.keys.retain(|key| key.known_until.is_none_or(|until| now < until));
    Ok(StatusCode::NO_CONTENT)
}

//! Tokens one at a time: create, get, delete.

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
    account::GcoreAccount,
    authentication::Caller,
    creation::NewToken,
    errors::Refusal,
    quirks::{CreationAnswer, DeleteStatus},
    router::Version,
    token::State as TokenState,
};

/// The path's account must be the caller's own.
pub(super) fn check_account(account: &GcoreAccount, client_id: &str) -> Result<(), Refusal> {
    match client_id.parse::<u64>() {
        Ok(id) if id == account.id => Ok(()),
        // That it is not a 403 is a choice.
        Ok(_) => Err(Refusal::NoAccount),
        Err(_) => Err(Refusal::NoSuchRoute(StatusCode::NOT_FOUND)),
    }
}

/// `POST …/tokens`: 200, not 201.
pub(super) async fn create(
    State(account): State<Arc<GcoreAccount>>,
    Extension(caller): Extension<Caller>,
    Extension(version): Extension<Version>,
    Path(client_id): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    check_account(&account, &client_id)?;
    caller.may_manage_tokens()?;
    if account.quirks.reseller {
        return Err(Refusal::Reseller);
    }
    let new = NewToken::read(&body, account.quirks.longest_description, account.clock.now())?;
    if new.role.is_above(caller.role) {
        let text = format!("Can't create token with role {}", new.role.name);
        return Err(Refusal::field("client_user.role", text));
    }
    let mut records = account.records();
    if account.live(&records) >= account.quirks.quota {
        return Err(Refusal::Quota(account.quirks.quota));
    }
    let token = account.mint(&mut records, new, caller.user, version);
    let token_only = match account.quirks.creation_answer {
        CreationAnswer::Documented => version == Version::V1,
        CreationAnswer::Full => false,
        CreationAnswer::TokenOnly => true,
    };
    let answer = match token_only {
        true => json!({"token": token.value}),
        false => token.shown_once(account.id, account.clock.now(), &account.quirks),
    };
    Ok(Json(answer).into_response())
}

/// `GET …/tokens/{token_id}`.
pub(super) async fn get(
    State(account): State<Arc<GcoreAccount>>,
    Extension(caller): Extension<Caller>,
    Path((client_id, token_id)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    check_account(&account, &client_id)?;
    caller.may_manage_tokens()?;
    let mut records = account.records();
    let token = account.find(&mut records, &caller, &token_id)?;
    Ok(Json(token.shown(account.id, account.clock.now(), &account.quirks)).into_response())
}

/// `DELETE …/tokens/{token_id}`. A token that is gone answers 404, also where it is still shown; for the latter that is a
/// choice.
pub(super) async fn delete(
    State(account): State<Arc<GcoreAccount>>,
    Extension(caller): Extension<Caller>,
    Path((client_id, token_id)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    check_account(&account, &client_id)?;
    caller.may_manage_tokens()?;
    let mut records = account.records();
    let token = account.find(&mut records, &caller, &token_id)?;
    if account.state(token) == TokenState::Deleted {
        return Err(Refusal::NoToken);
    }
    token.deleted = true;
    Ok(match account.quirks.delete_status {
        DeleteStatus::NoContent => StatusCode::NO_CONTENT,
        DeleteStatus::Ok => StatusCode::OK,
    })
}

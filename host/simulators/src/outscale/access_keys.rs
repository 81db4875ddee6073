//! The four calls on access keys.

use std::sync::Arc;

use axum::{Extension, body::Bytes, extract::State, response::Response};
use serde_json::json;

use super::{
    access_key::Owner,
    account::{Account, changed_at},
    authentication::Caller,
    errors::{Code, Refusal, granted},
    input::{Input, LONGEST, read_state},
    quirks::WithoutExpiry,
};

/// `CreateAccessKey`: with the secret in the answer, and always active.
pub(super) async fn create(
    State(account): State<Arc<Account>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may(&account)?;
    let mut input = Input::read(&body, &["ExpirationDate", "Tag", "UserName"]);
    let expires_at = input.expiration_date();
    let tag = input.text("Tag", account.quirks.tag_length);
    let user_name = input.text("UserName", LONGEST);
    let dry_run = input.dry_run;
    input.finish()?;
    account.check_expiry(expires_at)?;

    let mut records = account.records();
    let owner = records.owner(user_name, &caller.owner)?;
    // For root and for each EIM user alike (user guide). That expired and inactive ones count is a choice.
    if records.keys_of(&owner) >= account.quirks.quota {
        let quota = account.quirks.quota;
        return Err(Code::TooManyAccessKeys.because(format!("The quota of {quota} access keys is exceeded.")));
    }
    // How a dry run answers is unknown; a choice.
    if dry_run {
        return Ok(granted(json!({})));
    }
    let mut key = account.mint(owner);
    key.expires_at = expires_at;
    key.tag = tag.filter(|tag| !tag.is_empty());
    let answer = granted(json!({"AccessKey": key.shown_once(account.quirks.date_form)}));
    records.access_keys.push(key);
    Ok(answer)
}

/// `ReadAccessKeys`: those of one owner, without secrets. A filter that nothing fits gives an empty list.
pub(super) async fn read(
    State(account): State<Arc<Account>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may(&account)?;
    let mut input = Input::read(&body, &["Filters", "Tag", "UserName"]);
    let filters =
        input.filters(&["AccessKeyIds", "States"], |filters| (filters.texts("AccessKeyIds"), filters.texts("States")));
    let tag = input.text("Tag", LONGEST);
    let user_name = input.text("UserName", LONGEST);
    let dry_run = input.dry_run;
    input.finish()?;

    let records = account.records();
    let owner = records.owner(user_name, &caller.owner)?;
    if dry_run {
        return Ok(granted(json!({})));
    }
    let (ids, states) = filters.unwrap_or_default();
    let active: Option<Vec<_>> = states.map(|states| states.iter().filter_map(|state| read_state(state)).collect());
    let keys = records.access_keys.iter().filter(|key| {
        key.owner == owner
            && ids.as_ref().is_none_or(|ids| ids.contains(&key.id))
            && active.as_ref().is_none_or(|active| active.contains(&key.active))
            && (tag.is_none() || key.tag == tag)
    });
    let shown: Vec<_> = keys.map(|key| key.shown(account.quirks.date_form)).collect();
    Ok(granted(json!({"AccessKeys": shown})))
}

/// `UpdateAccessKey`.
pub(super) async fn update(
    State(account): State<Arc<Account>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may(&account)?;
    let known = ["AccessKeyId", "State", "ExpirationDate", "ClearExpirationDate", "Tag", "ClearTag", "UserName"];
    let mut input = Input::read(&body, &known);
    input.require("AccessKeyId");
    if account.quirks.state_required {
        input.require("State");
    }
    let id = input.text("AccessKeyId", LONGEST).unwrap_or_default();
    let active = input.state();
    let expires_at = input.expiration_date();
    let clear_expiry = input.flag("ClearExpirationDate");
    let tag = input.text("Tag", account.quirks.tag_length);
    let clear_tag = input.flag("ClearTag");
    let user_name = input.text("UserName", LONGEST);
    let dry_run = input.dry_run;
    input.finish()?;

    let now = account.now();
    let mut records = account.records();
    let owner = records.owner(user_name, &caller.owner)?;
    let key = records.find(&owner, &id, &account.quirks)?;
    // A date beside its clearing is ignored (API description).
    let expires_at = match (clear_expiry, expires_at, account.quirks.update_without_expiry) {
        (true, ..) | (false, None, WithoutExpiry::Clear) => None,
        (false, Some(expires_at), _) => Some(expires_at),
        (false, None, WithoutExpiry::Keep) => key.expires_at,
    };
    // What is left as it is is not checked again.
    if expires_at != key.expires_at || clear_expiry || matches!(expires_at, Some(expires_at) if expires_at <= now) {
        account.check_expiry(expires_at)?;
    }
    if dry_run {
        return Ok(granted(json!({})));
    }
    key.expires_at = expires_at;
    key.active = active.unwrap_or(key.active);
    if clear_tag {
        key.tag = None;
    } else if tag.is_some() {
        key.tag = tag.filter(|tag| !tag.is_empty());
    }
    key.modified_at = changed_at(now, key.modified_at);
    Ok(granted(json!({"AccessKey": key.shown(account.quirks.date_form)})))
}

/// `DeleteAccessKey`. An EIM user's key must be inactive; root's own need not be (API description).
pub(super) async fn delete(
    State(account): State<Arc<Account>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may(&account)?;
    let mut input = Input::read(&body, &["AccessKeyId", "UserName"]);
    input.require("AccessKeyId");
    let id = input.text("AccessKeyId", LONGEST).unwrap_or_default();
    let user_name = input.text("UserName", LONGEST);
    let dry_run = input.dry_run;
    input.finish()?;

    let mut records = account.records();
    let owner = records.owner(user_name, &caller.owner)?;
    let key = records.find(&owner, &id, &account.quirks)?;
    if key.active && owner != Owner::Root {
        return Err(account.quirks.active_delete.because("The access key must be INACTIVE to be deleted."));
    }
    if !dry_run {
        records.access_keys.retain(|key| key.id != id);
    }
    Ok(granted(json!({})))
}

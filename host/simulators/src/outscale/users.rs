//! EIM users, and the account itself: as far as keys and the Terraform provider's users need them.

use std::sync::Arc;

use axum::{Extension, body::Bytes, extract::State, response::Response};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    access_key::Owner,
    account::{Account, EMAIL, new_id},
    authentication::Caller,
    date,
    errors::{Code, Refusal, granted},
    input::{Input, LONGEST},
    quirks::DateForm,
};

/// The most users in one answer, and as many as there are when nothing is said (API description).
const PAGE: usize = 100;

/// A user as the vendor keeps it.
pub(super) struct User {
    id: String,
    pub(super) name: String,
    path: String,
    email: Option<String>,
    created_at: DateTime<Utc>,
    pub(super) may_do_everything: bool,
}

impl User {
    pub(super) fn new(name: String, path: String, email: Option<String>, now: DateTime<Utc>) -> Self {
        Self { id: new_id(), name, path, email, created_at: now, may_do_everything: false }
    }

    fn shown(&self, form: DateForm) -> Value {
        let mut shown = json!({
            "UserId": self.id,
            "UserName": self.name,
            "Path": self.path,
            "CreationDate": date::write(self.created_at, form),
            "LastModificationDate": date::write(self.created_at, form),
            "OutscaleLoginAllowed": false,
        });
        if let Some(email) = &self.email {
            shown["UserEmail"] = email.as_str().into();
        }
        shown
    }
}

/// `CreateUser`.
pub(super) async fn create(
    State(account): State<Arc<Account>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may(&account)?;
    let mut input = Input::read(&body, &["Path", "UserEmail", "UserName"]);
    input.require("UserName");
    let name = input.text("UserName", 64).unwrap_or_default();
    let path = input.text("Path", LONGEST).unwrap_or_else(|| "/".to_owned());
    let email = input.text("UserEmail", LONGEST);
    let dry_run = input.dry_run;
    input.finish()?;
    if !name.chars().all(|character| character.is_ascii_alphanumeric() || "+=,.@-_".contains(character)) {
        return Err(Code::InvalidValue.because("The value of UserName has a character that it cannot have."));
    }
    let mut records = account.records();
    if records.users.iter().any(|user| user.name == name) {
        return Err(Code::DuplicateUser.because(format!("The EIM user '{name}' exists already.")));
    }
    if dry_run {
        return Ok(granted(json!({})));
    }
    let user = User::new(name, path, email, account.now());
    let answer = granted(json!({"User": user.shown(account.quirks.date_form)}));
    records.users.push(user);
    Ok(answer)
}

/// `ReadUsers`. Items count from 0: unknown, a choice.
pub(super) async fn read(
    State(account): State<Arc<Account>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may(&account)?;
    let mut input = Input::read(&body, &["Filters", "FirstItem", "ResultsPerPage"]);
    let ids = input.filters(&["UserIds"], |filters| filters.texts("UserIds")).flatten();
    let first = input.number("FirstItem").unwrap_or(0);
    let count = input.number("ResultsPerPage").unwrap_or(PAGE).min(PAGE);
    input.finish()?;
    let records = account.records();
    let users: Vec<_> =
        records.users.iter().filter(|user| ids.as_ref().is_none_or(|ids| ids.contains(&user.id))).collect();
    let shown: Vec<_> = users.iter().skip(first).take(count).map(|user| user.shown(account.quirks.date_form)).collect();
    let more = first.saturating_add(count) < users.len();
    Ok(granted(json!({
        "Users": shown, "HasMoreItems": more, "MaxResultsLimit": PAGE, "MaxResultsTruncated": false,
    })))
}

/// `DeleteUser`: only when it has no keys left (API description). How that is refused is unknown; a choice.
pub(super) async fn delete(
    State(account): State<Arc<Account>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may(&account)?;
    let mut input = Input::read(&body, &["UserName"]);
    input.require("UserName");
    let name = input.text("UserName", LONGEST);
    let dry_run = input.dry_run;
    input.finish()?;
    let mut records = account.records();
    let owner = records.owner(name, &caller.owner)?;
    if records.keys_of(&owner) > 0 {
        return Err(Code::Conflict.because("The EIM user still has access keys."));
    }
    if !dry_run {
        records.users.retain(|user| Owner::User(user.name.clone()) != owner);
    }
    Ok(granted(json!({})))
}

/// `ReadLinkedPolicies`: there are no policies here, only a switch.
pub(super) async fn linked_policies(
    State(account): State<Arc<Account>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may(&account)?;
    let mut input = Input::read(&body, &["Filters", "FirstItem", "ResultsPerPage", "UserName"]);
    input.require("UserName");
    let name = input.text("UserName", LONGEST);
    input.finish()?;
    account.records().owner(name, &caller.owner)?;
    Ok(granted(json!({"Policies": [], "HasMoreItems": false, "MaxResultsLimit": PAGE, "MaxResultsTruncated": false})))
}

/// `ReadAccounts`: the caller's own, whoever of it asks.
pub(super) async fn accounts(
    State(account): State<Arc<Account>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may(&account)?;
    Input::read(&body, &[]).finish()?;
    Ok(granted(json!({"Accounts": [{"AccountId": account.id, "Email": EMAIL, "OutscaleLoginAllowed": true}]})))
}

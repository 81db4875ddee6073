//! The calls: all of them POST, JSON in and JSON out.

use keywright_sdk::{
    Account, Failure, FieldProblem, Fields, Problem, Reason, Response, Result, Timestamp, found, rfc3339_millis,
};
use serde_json::{Map, Value};

use crate::access_key::AccessKey;
use crate::administrator;
use crate::answer::{self, Answer, Refusal};
use crate::key_id::KeyId;
use crate::users;

/// The endpoint of the descriptor.
pub(crate) const API: &str = "api";

/// A call that acts.
pub(crate) fn acting(account: &Account, name: &str, body: &Map<String, Value>) -> Result<Answer> {
    answer::send(account.post(API, &["api", "v1", name])?.json(body))
}

/// A call that only reads: when its answer is lost nothing is in doubt, although it is a POST.
pub(crate) fn reading(account: &Account, name: &str, body: &Map<String, Value>) -> Result<Answer> {
    let answer = answer::send(account.post(API, &["api", "v1", name])?.json(body).reading())?;
    Ok(answer.map_err(Refusal::of_a_read))
}

/// Asks for keys of an EIM user, or of whoever signs when that name is empty.
pub(crate) fn read_access_keys(account: &Account, user_name: &str, filters: Map<String, Value>) -> Result<Answer> {
    let mut body = of_user(user_name);
    if !filters.is_empty() {
        body.insert("Filters".to_owned(), Value::Object(filters));
    }
    reading(account, "ReadAccessKeys", &body)
}

/// Asks for one key of theirs.
pub(crate) fn read_access_key(account: &Account, user_name: &str, access_key: &str) -> Result<Answer> {
    read_access_keys(account, user_name, filter("AccessKeyIds", access_key))
}

/// A filter by one value.
pub(crate) fn filter(name: &str, value: &str) -> Map<String, Value> {
    let mut filters = Map::new();
    filters.insert(name.to_owned(), Value::Array(vec![value.into()]));
    filters
}

/// The start of a request about the keys of an EIM user, or of whoever signs when that name is empty.
pub(crate) fn of_user(user_name: &str) -> Map<String, Value> {
    let mut request = Map::new();
    if !user_name.is_empty() {
        request.insert("UserName".to_owned(), user_name.into());
    }
    request
}

/// One key; nothing when it does not exist, which OUTSCALE says only to an administrator of the key's own account: its owner
/// has no key of that id, or there is no such owner and nobody else has the key.
pub(crate) fn find(account: &Account, key: KeyId<'_>) -> Result<Option<AccessKey>> {
    let missing_user = match read_access_key(account, key.owner.user_name, key.access_key)? {
        Ok(response) => match AccessKey::one_of(&response, key.access_key)? {
            None => false,
            found => return Ok(found),
        },
        Err(refusal) if refusal.is_missing_user() && !key.owner.is_root() => true,
        Err(refusal) => return Err(refusal.into()),
    };
    administrator::knows_absence(account, key)?;
    if missing_user && let Some(user_name) = users::new_name(account, key)? {
        let message = ["names an EIM user who is called ", &user_name, " now: name the key by that user"];
        return Err(FieldProblem::new("/id", Problem::Constraint, message.concat()).into());
    }
    Ok(None)
}

/// The id of the account that the administrator's key is of.
pub(crate) fn read_account_id(account: &Account) -> Result<Answer<String>> {
    let response = match reading(account, "ReadAccounts", &Map::new())? {
        Ok(response) => response,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let body: Value = response.json()?;
    let told = Fields::of(&body).list("Accounts").first().and_then(|account| Fields::of(account).text("AccountId"));
    match told {
        Some(id) if id.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Ok(id.to_owned())),
        _ => Err(response.unexpected("it has no id of an account")),
    }
}

/// What an update is to leave behind.
pub(crate) struct Wanted<'a> {
    /// Always sent: gateways before API version 1.40.1 demand it.
    pub(crate) state: &'a str,
    /// Always sent, or its clearing: whether an update without it keeps or clears the expiry is documented in two ways.
    pub(crate) expires_at: Option<Timestamp>,
    /// The whole tag, marker included, if it is to change; empty removes it.
    pub(crate) tag: Option<String>,
}

pub(crate) fn update_access_key(account: &Account, key: KeyId<'_>, wanted: &Wanted<'_>) -> Result<Answer> {
    let mut body = of_user(key.owner.user_name);
    body.insert("AccessKeyId".to_owned(), key.access_key.into());
    body.insert("State".to_owned(), wanted.state.into());
    match &wanted.expires_at {
        Some(expires_at) => body.insert("ExpirationDate".to_owned(), rfc3339_millis(expires_at).into()),
        None => body.insert("ClearExpirationDate".to_owned(), true.into()),
    };
    match wanted.tag.as_deref() {
        None => {}
        Some("") => drop(body.insert("ClearTag".to_owned(), true.into())),
        Some(tag) => drop(body.insert("Tag".to_owned(), tag.into())),
    }
    acting(account, "UpdateAccessKey", &body)
}

/// Deletes a key; one that is gone already is deleted.
pub(crate) fn delete_access_key(account: &Account, key: KeyId<'_>) -> Result<()> {
    let mut body = of_user(key.owner.user_name);
    body.insert("AccessKeyId".to_owned(), key.access_key.into());
    match acting(account, "DeleteAccessKey", &body)? {
        Ok(response) => confirm(&response),
        Err(refusal) => found(Err(settled(account, key, refusal)?)).map(|_: Option<()>| ()),
    }
}

/// What the refusal to change or delete a key means. Some codes are said both of the key that signs and of the key that is
/// named: a read tells them apart, because it answers an unknown key with an empty list.
pub(crate) fn settled(account: &Account, key: KeyId<'_>, refusal: Refusal) -> Result<Failure> {
    if !refusal.may_be_of_the_key() {
        return Ok(refusal.failure);
    }
    Ok(match find(account, key)? {
        None => missing(),
        Some(_) => refusal.of_the_key(),
    })
}

pub(crate) fn missing() -> Failure {
    Failure::new(Reason::NotFound, "OUTSCALE knows no such access key of this owner")
}

/// Fails unless the answer is OUTSCALE's own: a proxy may answer with a page and any status.
fn confirm(response: &Response) -> Result<()> {
    let body: Value = response.json()?;
    match body.get("ResponseContext") {
        Some(Value::Object(_)) => Ok(()),
        _ => Err(response.unexpected("it has no response context")),
    }
}

//! The calls: all of them POST, JSON in and JSON out.

use keywright_sdk::{Account, Request, Response, Result, Timestamp, rfc3339_millis};
use serde_json::{Map, Value};

use crate::access_key::AccessKey;
use crate::answer::{Answer, Refusal, code};
use crate::key_id::{KeyId, Owner};

/// The endpoint of the descriptor.
pub(crate) const API: &str = "api";

/// One call.
pub(crate) fn call<'a>(account: &'a Account, name: &str, body: &Map<String, Value>) -> Result<Request<'a>> {
    Ok(account.post(API, &["api", "v1", name])?.json(body))
}

/// A call that only reads: when its answer is lost nothing is in doubt, although it is a POST.
pub(crate) fn reading(account: &Account, name: &str, body: &Map<String, Value>) -> Result<Answer> {
    Answer::to(call(account, name, body)?.reading())
}

/// Asks for keys of one owner.
pub(crate) fn read_access_keys(account: &Account, owner: Owner<'_>, filters: Map<String, Value>) -> Result<Answer> {
    let mut body = owner.request();
    if !filters.is_empty() {
        body.insert("Filters".to_owned(), Value::Object(filters));
    }
    reading(account, "ReadAccessKeys", &body)
}

/// Asks for one key of one owner.
pub(crate) fn read_access_key(account: &Account, key: KeyId<'_>) -> Result<Answer> {
    read_access_keys(account, key.owner, filter("AccessKeyIds", key.access_key))
}

/// A filter by one value.
pub(crate) fn filter(name: &str, value: &str) -> Map<String, Value> {
    let mut filters = Map::new();
    filters.insert(name.to_owned(), Value::Array(vec![value.into()]));
    filters
}

/// One key; nothing when OUTSCALE says that it does not exist: its owner has no key of that id, or there is no such owner,
/// who could not have been deleted while keys were left.
pub(crate) fn find(account: &Account, key: KeyId<'_>) -> Result<Option<AccessKey>> {
    match read_access_key(account, key)? {
        Answer::Ok(response) => AccessKey::one_of(&response, key.access_key),
        Answer::Refused(Refusal { code: Some(code::NO_SUCH_USER), .. }) if !key.owner.is_caller() => Ok(None),
        Answer::Refused(refusal) => Err(refusal.failure),
    }
}

/// What an update is to leave behind.
pub(crate) struct Wanted<'a> {
    /// Always sent: gateways before API version 1.40.1 demand it.
    pub(crate) state: &'a str,
    /// Always sent, or its clearing: whether an update without it keeps or clears the expiry is told in two ways.
    pub(crate) expires_at: Option<Timestamp>,
    /// The whole tag, marker included, if it is to change; empty removes it.
    pub(crate) tag: Option<String>,
}

pub(crate) fn update_access_key(account: &Account, key: KeyId<'_>, wanted: &Wanted<'_>) -> Result<Answer> {
    let mut body = key.owner.request();
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
    Answer::to(call(account, "UpdateAccessKey", &body)?)
}

pub(crate) fn delete_access_key(account: &Account, key: KeyId<'_>) -> Result<Answer> {
    let mut body = key.owner.request();
    body.insert("AccessKeyId".to_owned(), key.access_key.into());
    Answer::to(call(account, "DeleteAccessKey", &body)?)
}

/// Whether an answer is OUTSCALE's own: a page of a proxy is no such answer, whatever its status.
pub(crate) fn confirm(response: &Response) -> Result<()> {
    let body: Value = response.json()?;
    match body.get("ResponseContext") {
        Some(Value::Object(_)) => Ok(()),
        _ => Err(response.unexpected("it has no response context")),
    }
}

//! Changes in place.

use keywright_sdk::{
    Account, Credential, Date, ExpiryChange, Failure, FieldProblem, Problem, Reason, Result, Timestamp, UpdateRequest,
    Updated,
};
use serde_json::Value;

use crate::access_key::{ACTIVE, AccessKey, INACTIVE, tag_of};
use crate::answer::Answer;
use crate::calls::{self, Wanted};
use crate::key_id::KeyId;
use crate::{expiry_differs, expiry_not_taken};

pub(crate) fn update(account: &Account, id: KeyId<'_>, request: &UpdateRequest) -> Result<Updated> {
    let (mut state, mut tag) = (None, None);
    for (name, value) in &request.attributes {
        match (name.as_str(), value) {
            ("tag", value) => tag = Some(tag_of(Some(value), request.marker.as_deref())?),
            ("state", Value::Null) => state = Some(ACTIVE),
            ("state", Value::String(text)) if text == ACTIVE || text == INACTIVE => state = Some(text),
            ("state", _) => return Err(problem("state", Problem::Constraint, "must be ACTIVE or INACTIVE")),
            _ => {
                return Err(problem(
                    name,
                    Problem::Immutable,
                    "cannot change on a key that exists: make a new one in its place",
                ));
            }
        }
    }
    if state == Some(INACTIVE) && account.part("access_key") == Some(id.access_key) {
        let message = "would disable the key that signs this request: use another key for that";
        return Err(problem("state", Problem::Constraint, message));
    }
    let expires_at = match request.expiry {
        ExpiryChange::Keep => None,
        ExpiryChange::Set(expires_at) => Some(Some(expires_at)),
        ExpiryChange::Clear => Some(None),
    };
    if let (Some(state), Some(expires_at)) = (state, expires_at) {
        return change(account, id, &Wanted { state, expires_at, tag });
    }
    let key = current(account, id)?;
    let wanted = Wanted {
        state: state.map_or_else(|| known_state(&key), Ok)?,
        expires_at: expires_at.map_or_else(|| known_expiry(&key), Ok)?,
        tag: tag.filter(|tag| tag != key.tag()),
    };
    if key.state() == Some(wanted.state) && key.expires_at() == wanted.expires_at.into() && wanted.tag.is_none() {
        return Ok(Updated::new(key.credential(id.owner)));
    }
    change(account, id, &wanted)
}

pub(crate) fn set_enabled(account: &Account, id: KeyId<'_>, state: &str) -> Result<Credential> {
    let key = current(account, id)?;
    if key.state() == Some(state) {
        return Ok(key.credential(id.owner));
    }
    let updated = change(account, id, &Wanted { state, expires_at: known_expiry(&key)?, tag: None })?;
    if updated.credential.enabled != (state == ACTIVE) {
        return Err(Failure::new(Reason::InDoubt, not_set(state)));
    }
    Ok(updated.credential)
}

/// Sends an update, and finds out what its refusal means.
pub(crate) fn change(account: &Account, id: KeyId<'_>, wanted: &Wanted<'_>) -> Result<Updated> {
    match send(account, id, wanted)? {
        Ok(updated) => Ok(updated),
        Err(refusal) => Err(calls::settled(account, id, refusal)?),
    }
}

/// Sends an update: one request.
pub(crate) fn send(account: &Account, id: KeyId<'_>, wanted: &Wanted<'_>) -> Result<Answer<Updated>> {
    let response = match calls::update_access_key(account, id, wanted)? {
        Ok(response) => response,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let key = AccessKey::read_known(&response, id.access_key)?;
    let mut updated = Updated::new(key.credential(id.owner));
    if key.state() != Some(wanted.state) {
        updated = updated.warning_at("/attributes/state", not_set(wanted.state));
    }
    if expiry_differs(wanted.expires_at, &key) {
        updated = updated.warning_at("/expires_at", expiry_not_taken(wanted.expires_at));
    }
    if wanted.tag.as_ref().is_some_and(|tag| tag != key.tag()) {
        updated = updated.warning_at("/attributes/tag", "OUTSCALE did not set the tag that was asked for");
    }
    Ok(Ok(updated))
}

fn current(account: &Account, id: KeyId<'_>) -> Result<AccessKey> {
    calls::find(account, id)?.ok_or_else(calls::missing)
}

/// The state to keep.
fn known_state(key: &AccessKey) -> Result<&str> {
    key.state().ok_or_else(|| unreadable("state"))
}

/// The expiry to keep: what cannot be read cannot be sent again, and an update without it might remove it.
fn known_expiry(key: &AccessKey) -> Result<Option<Timestamp>> {
    match key.expires_at() {
        Date::None => Ok(None),
        Date::At(expires_at) => Ok(Some(expires_at)),
        Date::Unreadable(_) => Err(unreadable("expiry")),
    }
}

fn unreadable(what: &str) -> Failure {
    let message = ["nothing was changed: OUTSCALE's answer had no readable ", what, ", which an update must repeat"];
    Failure::new(Reason::UnexpectedResponse, message.concat())
}

fn not_set(state: &str) -> String {
    ["OUTSCALE did not make the key ", state].concat()
}

fn problem(attribute: &str, problem: Problem, message: &str) -> Failure {
    FieldProblem::new(["/attributes/", attribute].concat(), problem, message).into()
}

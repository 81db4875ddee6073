//! Changes in place.

use keywright_sdk::{
    Account, Change, Credential, ExpiryChange, Failure, FieldProblem, Problem, Reason, Result, Timestamp, Updated,
};
use serde_json::Value;

use crate::access_key::{ACTIVE, AccessKey, INACTIVE, tag_of};
use crate::answer::Answer;
use crate::calls::{self, Wanted};
use crate::key_id::KeyId;
use crate::{expiry_differs, expiry_not_taken};

pub(crate) fn update(account: &Account, id: KeyId<'_>, change: &Change) -> Result<Updated> {
    let (mut state, mut tag) = (None, None);
    for (name, value) in &change.attributes {
        match (name.as_str(), value) {
            ("tag", value) => tag = Some(tag_of(Some(value), change.marker.as_deref())?),
            ("state", Value::Null) => state = Some(ACTIVE),
            ("state", Value::String(text)) if text == ACTIVE || text == INACTIVE => state = Some(text),
            ("state", _) => return Err(problem("state", Problem::Constraint, "must be ACTIVE or INACTIVE")),
            _ => return Err(problem(name, Problem::Immutable, "cannot change on a key that exists: rotate instead")),
        }
    }
    if state == Some(INACTIVE) && account.part("access_key") == Some(id.access_key) {
        let message = "would disable the key that signs this request: use another key for that";
        return Err(problem("state", Problem::Constraint, message));
    }
    let expires_at = match change.expiry {
        ExpiryChange::Keep => None,
        ExpiryChange::Set(expires_at) => Some(Some(expires_at)),
        ExpiryChange::Clear => Some(None),
    };
    if let (Some(state), Some(expires_at)) = (state, expires_at) {
        return send(account, id, &Wanted { state, expires_at, tag });
    }
    let key = current(account, id)?;
    let wanted = Wanted {
        state: state.map_or_else(|| known_state(&key), Ok)?,
        expires_at: expires_at.map_or_else(|| known_expiry(&key), Ok)?,
        tag: tag.filter(|tag| tag != key.tag()),
    };
    if key.state() == Some(wanted.state) && key.expiry() == Some(wanted.expires_at) && wanted.tag.is_none() {
        return Ok(Updated::new(key.credential(id.owner)));
    }
    send(account, id, &wanted)
}

pub(crate) fn set_enabled(account: &Account, id: KeyId<'_>, state: &str) -> Result<Credential> {
    let key = current(account, id)?;
    if key.state() == Some(state) {
        return Ok(key.credential(id.owner));
    }
    let updated = send(account, id, &Wanted { state, expires_at: known_expiry(&key)?, tag: None })?;
    if updated.credential.enabled != (state == ACTIVE) {
        return Err(Failure::new(Reason::InDoubt, not_set(state)));
    }
    Ok(updated.credential)
}

/// Sends an update.
pub(crate) fn send(account: &Account, id: KeyId<'_>, wanted: &Wanted<'_>) -> Result<Updated> {
    let response = match calls::update_access_key(account, id, wanted)? {
        Answer::Ok(response) => response,
        // Some codes are said of the key that signs and of the key that is named: a read tells them apart, because it
        // answers an unknown key with an empty list.
        Answer::Refused(refusal) if refusal.may_be_of_the_key() => {
            return Err(match calls::find(account, id)? {
                None => missing(),
                Some(_) => refusal.of_the_key(),
            });
        }
        Answer::Refused(refusal) => return Err(refusal.failure),
    };
    let key = AccessKey::read_known(&response, id.access_key)?;
    let mut updated = Updated::new(key.credential(id.owner));
    if key.state() != Some(wanted.state) {
        updated.warnings.push(not_set(wanted.state));
    }
    if expiry_differs(wanted.expires_at, &key) {
        updated.warnings.push(expiry_not_taken(wanted.expires_at));
    }
    if wanted.tag.as_ref().is_some_and(|tag| tag != key.tag()) {
        updated.warnings.push("OUTSCALE did not set the tag that was asked for".to_owned());
    }
    Ok(updated)
}

fn current(account: &Account, id: KeyId<'_>) -> Result<AccessKey> {
    calls::find(account, id)?.ok_or_else(missing)
}

fn missing() -> Failure {
    Failure::new(
        Reason::NotFound,
        "OUTSCALE knows no such access key of this owner: the id of an EIM user's key is USER/ACCESS_KEY",
    )
}

/// The state to keep.
fn known_state(key: &AccessKey) -> Result<&str> {
    key.state().ok_or_else(|| unreadable("state"))
}

/// The expiry to keep: what cannot be read cannot be sent again, and an update without it might remove it.
pub(crate) fn known_expiry(key: &AccessKey) -> Result<Option<Timestamp>> {
    key.expiry().ok_or_else(|| unreadable("expiry"))
}

fn unreadable(what: &str) -> Failure {
    let message = ["nothing was changed: OUTSCALE's answer had no readable ", what, ", which an update must repeat"];
    Failure::new(Reason::Vendor("unexpected-answer".to_owned()), message.concat())
}

fn not_set(state: &str) -> String {
    ["OUTSCALE did not make the key ", state].concat()
}

fn problem(attribute: &str, problem: Problem, message: &str) -> Failure {
    FieldProblem::new(["/attributes/", attribute].concat(), problem, message).into()
}

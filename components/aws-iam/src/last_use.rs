//! When a key was last used, and whether it is gone.

use keywright_sdk::{Account, Credential, Date, Failure, Problem, Reason, Result};
use serde_json::Value;

use crate::call::{Answer, get_access_key_last_used, text};
use crate::key_id::{KeyId, problem};

/// Adds the last use to a credential. AWS refuses the request when the caller lacks the right or the key has been deleted
/// meanwhile; the last use is then left out.
pub(crate) fn add(account: &Account, access_key: &str, credential: &mut Credential) -> Result<()> {
    let answer = match get_access_key_last_used(account, access_key)? {
        Answer::Done(answer) => answer,
        Answer::Refused(refusal) if refusal.is_denial() || refusal.is_no_such_entity() => return Ok(()),
        Answer::Refused(refusal) => return Err(refusal.failure),
    };
    let last = answer.result.child("AccessKeyLastUsed");
    let last = last.ok_or_else(|| answer.unexpected("it does not say when the key was last used"))?;
    credential.last_used_at = text(last, "LastUsedDate").map_or(Date::None, Date::read);
    if let Value::Object(attributes) = &mut credential.attributes {
        for (name, element) in [("last_used_service", "ServiceName"), ("last_used_region", "Region")] {
            // Of a key that was never used.
            if let Some(value) = text(last, element).filter(|value| *value != "N/A") {
                attributes.insert(name.to_owned(), value.into());
            }
        }
    }
    Ok(())
}

/// Makes sure that a key is gone, of which AWS said `NoSuchEntity`: its user may have been renamed, and the key lives on under
/// the new name.
///
/// **Choice**: a refusal counts as absence. AWS gives the same refusal for a key that does not exist, even to an
/// administrator, and for any key to a caller without the right. So the administrator must have that right.
pub(crate) fn confirm_absence(account: &Account, key: KeyId<'_>) -> Result<()> {
    let answer = match get_access_key_last_used(account, key.access_key)? {
        Answer::Done(answer) => answer,
        Answer::Refused(refusal) if refusal.is_denial() || refusal.is_no_such_entity() => return Ok(()),
        Answer::Refused(refusal) => return Err(refusal.failure),
    };
    match answer.text("UserName") {
        None => Err(answer.unexpected("it does not say whose key it is")),
        Some(user) if user == key.user => Err(Failure::new(
            Reason::Unavailable,
            "AWS says both that the key does not exist and whose it is: it may have been deleted a moment ago, so try again later",
        )),
        Some(user) => {
            let id = KeyId::join(user, key.access_key);
            Err(problem(Problem::Constraint, ["names another user than the key's, which is found as ", &id].concat()))
        }
    }
}

//! The end of a key.

use keywright_sdk::{Account, Failure, Reason, Result, TimeDelta, Timestamp};

use crate::access_key::{AccessKey, INACTIVE};
use crate::answer::{Answer, Refusal};
use crate::calls::{self, Wanted};
use crate::key_id::KeyId;
use crate::update;

/// What stands when a key was disabled and could not be deleted.
const DISABLED: &str = "the key is disabled and not deleted: revoke it again";

pub(crate) fn revoke(account: &Account, id: KeyId<'_>) -> Result<()> {
    // Root's own keys need no disabling. Who the caller is cannot be asked, so a refusal is looked into.
    let refusal = if id.owner.is_caller() { delete(account, id)? } else { None };
    if id.owner.is_caller() && refusal.is_none() {
        return Ok(());
    }
    let Some(key) = calls::find(account, id)? else { return Ok(()) };
    if key.is_enabled() {
        disable(account, id, &key)?;
    } else if let Some(refusal) = refusal {
        return Err(refusal.of_the_key());
    }
    match delete(account, id).map_err(|failure| failure.after(DISABLED))? {
        None => Ok(()),
        // Deleted by another between the two.
        Some(refusal) if refusal.may_be_of_the_key() && calls::find(account, id)?.is_none() => Ok(()),
        Some(refusal) => Err(refusal.of_the_key().after(DISABLED)),
    }
}

/// Deletes it, or tells why OUTSCALE refused, when that may have to do with the key.
fn delete(account: &Account, id: KeyId<'_>) -> Result<Option<Refusal>> {
    match calls::delete_access_key(account, id)? {
        Answer::Ok(response) => calls::confirm(&response).map(|()| None),
        Answer::Refused(refusal) if refusal.may_be_of_the_key() => Ok(Some(refusal)),
        Answer::Refused(refusal) => match refusal.failure.reason() {
            // How the refusal to delete an active key looks is not documented.
            Reason::Invalid(_) | Reason::Conflict | Reason::Vendor(_) => Ok(Some(refusal)),
            _ => Err(refusal.failure),
        },
    }
}

fn disable(account: &Account, id: KeyId<'_>, key: &AccessKey) -> Result<()> {
    let wanted = Wanted { state: INACTIVE, expires_at: expiry_to_send(key), tag: None };
    let updated = update::send(account, id, &wanted)
        .map_err(|failure| failure.after("the key was to be disabled first, and is not deleted"))?;
    if updated.credential.enabled {
        return Err(Failure::new(
            Reason::InDoubt,
            "OUTSCALE did not disable the key, and deletes no key that is active",
        ));
    }
    Ok(())
}

/// The expiry of a key that is about to be deleted. An expired one stays active, so it has to be disabled too; but OUTSCALE may
/// take no date that has passed, and may demand one. Then it is a little later, for the moment until the deletion.
fn expiry_to_send(key: &AccessKey) -> Option<Timestamp> {
    const A_LITTLE: TimeDelta = TimeDelta::hours(1);
    match (key.expires_at(), key.told_at) {
        (Some(expires_at), Some(now)) if expires_at <= now => now.checked_add_signed(A_LITTLE),
        (expires_at, _) => expires_at,
    }
}

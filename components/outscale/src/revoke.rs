//! The end of a key.

use keywright_sdk::{Account, Failure, Reason, Result, TimeDelta, Timestamp, found};

use crate::access_key::{AccessKey, INACTIVE};
use crate::calls::{self, Wanted};
use crate::key_id::KeyId;
use crate::update;

pub(crate) fn revoke(account: &Account, id: KeyId<'_>) -> Result<()> {
    // Only the keys of EIM users must be inactive to be deleted.
    if id.owner.is_root() {
        return calls::delete_access_key(account, id);
    }
    let Some(key) = calls::find(account, id)? else { return Ok(()) };
    // Deleted by another since.
    if key.is_enabled() && found(disable(account, id, &key))?.is_none() {
        return Ok(());
    }
    calls::delete_access_key(account, id)
        .map_err(|failure| failure.with_completed("the key is disabled and not deleted: revoke it again"))
}

fn disable(account: &Account, id: KeyId<'_>, key: &AccessKey) -> Result<()> {
    let wanted = Wanted { state: INACTIVE, expires_at: expiry_to_send(key), tag: None };
    let updated = update::change(account, id, &wanted)
        .map_err(|failure| failure.with_completed("the key was to be disabled first, and is not deleted"))?;
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
    match (key.expires_at().instant(), key.shown_at) {
        (Some(expires_at), Some(now)) if expires_at <= now => now.checked_add_signed(A_LITTLE),
        (expires_at, _) => expires_at,
    }
}

//! Switching keys on and off: all that can change in place.

use keywright_sdk::{Account, Failure, Reason, Result};

use crate::access_key::{AccessKey, INACTIVE};
use crate::call::{Answer, update_access_key};
use crate::key_id::KeyId;
use crate::{last_use, listing};

/// Gives a key this status, if it has another, and returns it as it is then; without one, as it is.
///
/// **Choice**: a key that the list lacks does not exist. A list just after a creation was reported to lack the key; a later
/// try finds it.
pub(crate) fn set(account: &Account, key: KeyId<'_>, wanted: Option<&str>) -> Result<AccessKey> {
    if wanted == Some(INACTIVE) {
        key.refuse_own(account)?;
    }
    let found = listing::find(account, key)?;
    let mut found = found.ok_or_else(|| Failure::new(Reason::NotFound, "AWS lists no such access key of this user"))?;
    if let Some(wanted) = wanted.filter(|wanted| *wanted != found.status) {
        match update_access_key(account, key, wanted)? {
            Answer::Done(_) => wanted.clone_into(&mut found.status),
            Answer::Refused(refusal) => {
                if refusal.is_no_such_entity() {
                    last_use::confirm_absence(account, key)?;
                }
                return Err(refusal.failure);
            }
        }
    }
    Ok(found)
}

//! Who administers, as far as that can be known. OUTSCALE says which account a key is of, and nowhere whether it is the
//! root user's or which EIM user's. So the administrator's credential may say whose it is, in its part `owner`.

use keywright_sdk::{Account, FieldProblem, Problem, Result};

use crate::answer::explained;
use crate::calls;
use crate::key_id::{KeyId, Owner};

/// Where a wrong owner is corrected.
pub(crate) const OWNER: &str = "/authentication/owner";

/// Whose the administrator's key is, if its credential says so.
pub(crate) fn owner(account: &Account) -> Option<Owner<'_>> {
    account.part("owner").map(Owner::parse)
}

/// The key that an id names, if the administrator may be one who reaches it.
pub(crate) fn reachable<'a>(account: &Account, id: &'a str) -> Result<KeyId<'a>> {
    let key = KeyId::parse(id)?;
    if let Some(administrator) = owner(account) {
        same_account(administrator.account_id, key.owner)?;
    }
    if key.owner.is_root() {
        is_root(account, "/id")?;
    }
    Ok(key)
}

/// Refuses what only the root user may ask for, unless the administrator is known to be it. To anybody else OUTSCALE would
/// answer about keys of their own.
pub(crate) fn is_root(account: &Account, pointer: &str) -> Result<()> {
    match owner(account) {
        Some(owner) if owner.is_root() => Ok(()),
        Some(owner) => {
            let message = [
                "is about a key of the root user, which only the root user reaches, and the administrator is the EIM user ",
                owner.user_name,
            ];
            Err(FieldProblem::new(pointer, Problem::Constraint, message.concat()).into())
        }
        None => {
            let message = "is missing: only the root user reaches keys of the root user, and OUTSCALE does not say whose \
                           the administrator's key is; give the account's id if it is the root user's, or name an EIM user";
            Err(FieldProblem::new(OWNER, Problem::Required, message).into())
        }
    }
}

/// The account that is administered: one request, unless the credential says it.
pub(crate) fn account_id(account: &Account) -> Result<String> {
    if let Some(owner) = owner(account) {
        return Ok(owner.account_id.to_owned());
    }
    calls::read_account_id(account)?.map_err(|refusal| {
        let advice =
            "the id of the account is a part of every key's id: allow api:ReadAccounts, or give the part `owner`";
        explained(&refusal.failure, advice)
    })
}

/// Refuses to take a key for absent on the word of an administrator of another account. One request, whatever the
/// credential says of itself.
pub(crate) fn knows_absence(account: &Account, key: KeyId<'_>) -> Result<()> {
    let account_id = calls::read_account_id(account)?.map_err(|refusal| {
        let advice = "no such key is listed, but only an administrator of the key's own account proves that it is gone: \
                      allow api:ReadAccounts";
        explained(&refusal.failure, advice)
    })?;
    same_account(&account_id, key.owner)
}

fn same_account(administered: &str, owner: Owner<'_>) -> Result<()> {
    if administered == owner.account_id {
        return Ok(());
    }
    let message =
        ["is a key of the account ", owner.account_id, ", and the administrator is of the account ", administered];
    Err(FieldProblem::new("/id", Problem::Constraint, message.concat()).into())
}

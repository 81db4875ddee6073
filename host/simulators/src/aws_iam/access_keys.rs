//! The five calls on access keys. That the parameters are looked at first, then the rights, and then what there is, is a
//! choice.

use super::{
    access_key::{Owner, Status, Use},
    account::Account,
    actions::Outcome,
    authentication::{Caller, Principal},
    errors::Code,
    input::{ACCESS_KEY_ID, Input, USER_NAME},
    paging::Paging,
    xml::{list as members, text, tree},
};

/// `CreateAccessKey`: with the secret in the answer, and always active. There is nothing else to say of a new key.
pub(super) fn create(account: &Account, caller: &Caller, mut input: Input<'_>) -> Outcome {
    let user_name = input.text("UserName", &USER_NAME);
    input.finish()?;
    caller.may_on_user("CreateAccessKey", user_name)?;

    let mut records = account.records();
    let owner = records.owner(user_name, caller)?;
    let quota = account.quirks.quota;
    // Inactive ones count. Message as recorded.
    if records.keys_of(&owner).count() >= quota {
        return Err(Code::LimitExceeded.because(format!("Cannot exceed quota for AccessKeysPerUser: {quota}")));
    }
    let key = account.mint(&mut records, owner);
    let shown = key.shown_once(records.name_of(&key.owner));
    records.keys.push(key);
    Ok(Some(vec![tree("AccessKey", shown)]))
}

/// `ListAccessKeys`: those of one owner, without secrets.
pub(super) fn list(account: &Account, caller: &Caller, mut input: Input<'_>) -> Outcome {
    let user_name = input.text("UserName", &USER_NAME);
    let paging = Paging::read(&mut input);
    input.finish()?;
    caller.may_on_user("ListAccessKeys", user_name)?;

    let (records, now) = (account.records(), account.now());
    let owner = records.owner(user_name, caller)?;
    let keys = records.keys_of(&owner).filter(|key| now >= key.listed_from).map(|key| (key.number, key));
    let listing = match &owner {
        Owner::Root => "keys of root",
        Owner::User(id) => id,
    };
    let page = paging.cut(listing, keys, account.quirks.page_size)?;
    let name = records.name_of(&owner);
    let mut result = page.elements();
    result.push(members("AccessKeyMetadata", page.items.iter().map(|key| key.shown(name))));
    Ok(Some(result))
}

/// `UpdateAccessKey`: the status, and nothing else can be changed. It answers nothing.
pub(super) fn update(account: &Account, caller: &Caller, mut input: Input<'_>) -> Outcome {
    let user_name = input.text("UserName", &USER_NAME);
    let id = input.required("AccessKeyId", &ACCESS_KEY_ID);
    let status = input.word("Status", &["Active", "Inactive", "Expired"]);
    input.finish()?;
    caller.may_on_user("UpdateAccessKey", user_name)?;

    let mut records = account.records();
    let owner = records.owner(user_name, caller)?;
    let key = records.find_key(&owner, id)?;
    let status = match status {
        "Active" => Status::Active,
        "Inactive" => Status::Inactive,
        // How this is refused is unknown; the model has the error for this call, a choice.
        _ => return Err(Code::InvalidInput.because("The status Expired cannot be set.")),
    };
    // Whether an expired key can be switched is unknown; a choice.
    if key.status == Status::Expired {
        return Err(Code::InvalidInput.because("The access key is expired."));
    }
    key.change(status, account.now(), account.quirks.change_delay);
    Ok(None)
}

/// `DeleteAccessKey`: an active one too (recorded). It answers nothing.
pub(super) fn delete(account: &Account, caller: &Caller, mut input: Input<'_>) -> Outcome {
    let user_name = input.text("UserName", &USER_NAME);
    let id = input.required("AccessKeyId", &ACCESS_KEY_ID);
    input.finish()?;
    caller.may_on_user("DeleteAccessKey", user_name)?;

    let (mut records, now) = (account.records(), account.now());
    let owner = records.owner(user_name, caller)?;
    records.find_key(&owner, id)?.change(Status::Inactive, now, account.quirks.change_delay);
    records.delete_key(id, now);
    Ok(None)
}

/// `GetAccessKeyLastUsed`: the only call that finds the owner of a key. For a key that does not exist it answers that the caller
/// may not ask, to administrators too (recorded). That it answers the same about root's keys to other callers is a choice.
pub(super) fn last_used(account: &Account, caller: &Caller, mut input: Input<'_>) -> Outcome {
    let id = input.required("AccessKeyId", &ACCESS_KEY_ID);
    input.finish()?;
    let resource = format!("access key {id}");
    caller.may("GetAccessKeyLastUsed", &resource)?;

    let records = account.records();
    let key = records.keys.iter().find(|key| key.id == id);
    let key = key.filter(|key| key.owner != Owner::Root || caller.principal == Principal::Root);
    let Some(key) = key else {
        let arn = &caller.arn;
        return Err(Code::AccessDenied.because(format!(
            "User: {arn} is not authorized to perform iam:GetAccessKeyLastUsed on resource: {resource}"
        )));
    };
    let name = records.name_of(&key.owner).map(|name| text("UserName", name));
    let last = key.last_use(account.now(), account.quirks.last_used_delay);
    Ok(Some(name.into_iter().chain([tree("AccessKeyLastUsed", Use::shown(last))]).collect()))
}

//! The calls on IAM users, as far as keys need them. Tags, permissions boundaries and passwords are not kept.

use super::{
    access_key::{Owner, write_date},
    account::Account,
    actions::Outcome,
    authentication::{Caller, Principal},
    errors::{Code, Refusal},
    input::{Input, NEW_USER_NAME, PATH, PATH_PREFIX, USER_NAME},
    paging::Paging,
    records::must_specify_user_name,
    xml::{list as members, text, tree},
};

/// `CreateUser`.
pub(super) fn create(account: &Account, caller: &Caller, mut input: Input<'_>) -> Outcome {
    let name = input.required("UserName", &NEW_USER_NAME);
    let path = input.text("Path", &PATH).unwrap_or("/");
    input.finish()?;
    caller.may_on_user("CreateUser", Some(name))?;
    let mut records = account.records();
    if records.is_taken(name, None) {
        return Err(taken(name));
    }
    let user = records.add_user(name, path, account.now());
    Ok(Some(vec![tree("User", user.shown(account))]))
}

/// `GetUser`: the caller's own when nothing is said. Root has neither name nor path; how the session of a role is refused is
/// known of keys and taken over.
pub(super) fn get(account: &Account, caller: &Caller, mut input: Input<'_>) -> Outcome {
    let name = input.text("UserName", &USER_NAME);
    input.finish()?;
    caller.may_on_user("GetUser", name)?;
    let records = account.records();
    let user = match (name, &caller.principal) {
        (Some(name), _) => records.find_user(name)?.shown(account),
        (None, Principal::User(id)) => records.user(id).map(|user| user.shown(account)).unwrap_or_default(),
        (None, Principal::Root) => vec![
            text("UserId", account.id.as_str()),
            text("Arn", caller.arn.as_str()),
            text("CreateDate", write_date(account.created_at)),
        ],
        (None, Principal::Session) => return Err(must_specify_user_name()),
    };
    Ok(Some(vec![tree("User", user)]))
}

/// `ListUsers`, in the order of creation: unknown, a choice.
pub(super) fn list(account: &Account, caller: &Caller, mut input: Input<'_>) -> Outcome {
    let prefix = input.text("PathPrefix", &PATH_PREFIX).unwrap_or("/");
    let paging = Paging::read(&mut input);
    input.finish()?;
    caller.may("ListUsers", &account.arn("user/"))?;
    let records = account.records();
    let users = records.users.iter().filter(|user| user.path.starts_with(prefix)).map(|user| (user.number, user));
    let page = paging.cut(&format!("users {prefix}"), users, account.quirks.page_size)?;
    let mut result = page.elements();
    result.push(members("Users", page.items.iter().map(|user| user.shown(account))));
    Ok(Some(result))
}

/// `UpdateUser`: another name, another path. The unique id stays (recorded), and so do the keys. It answers nothing.
pub(super) fn update(account: &Account, caller: &Caller, mut input: Input<'_>) -> Outcome {
    let name = input.required("UserName", &USER_NAME);
    let new_name = input.text("NewUserName", &NEW_USER_NAME);
    let new_path = input.text("NewPath", &PATH);
    input.finish()?;
    caller.may_on_user("UpdateUser", Some(name))?;
    let mut records = account.records();
    let id = records.find_user(name)?.id.clone();
    if let Some(new_name) = new_name.filter(|new_name| records.is_taken(new_name, Some(&id))) {
        return Err(taken(new_name));
    }
    if let Some(user) = records.user_mut(&id) {
        user.name = new_name.map_or_else(|| user.name.clone(), str::to_owned);
        user.path = new_path.map_or_else(|| user.path.clone(), str::to_owned);
    }
    Ok(None)
}

/// `DeleteUser`: only when no keys are left (issue 2229 of aws-controllers-k8s). It answers nothing.
pub(super) fn delete(account: &Account, caller: &Caller, mut input: Input<'_>) -> Outcome {
    let name = input.required("UserName", &USER_NAME);
    input.finish()?;
    caller.may_on_user("DeleteUser", Some(name))?;
    let mut records = account.records();
    let id = records.find_user(name)?.id.clone();
    if records.keys_of(&Owner::User(id.clone())).next().is_some() {
        return Err(Code::DeleteConflict.because("Cannot delete entity, must delete access keys first."));
    }
    records.users.retain(|user| user.id != id);
    Ok(None)
}

/// Message as recorded.
fn taken(name: &str) -> Refusal {
    Code::EntityAlreadyExists.because(format!("User with name {name} already exists."))
}

//! EIM users, as far as it takes to know whose keys there are.

use keywright_sdk::{Account, Failure, Fields, Page, Reason, Response, Result};
use serde_json::{Map, Value};

use crate::access_key::AccessKey;
use crate::answer::explained;
use crate::calls;
use crate::key_id::KeyId;

/// The most users that OUTSCALE gives at once.
const MOST: u64 = 100;

/// Some of the users.
pub(crate) struct Users {
    pub(crate) names: Vec<String>,
    pub(crate) more: bool,
}

/// So many users from the first. One whose name cannot be read is reported. `without` says what an administrator lacks who
/// may not ask.
pub(crate) fn read(account: &Account, first: u64, count: u64, page: &mut Page, without: &str) -> Result<Users> {
    let mut body = Map::new();
    body.insert("ResultsPerPage".to_owned(), count.into());
    // Whether items count from 0 or from 1 is not documented. Counted from 1, this shows one user twice and misses none.
    if first > 0 {
        body.insert("FirstItem".to_owned(), first.into());
    }
    let response = calls::reading(account, "ReadUsers", &body)?.map_err(|refusal| match refusal.failure.reason() {
        Reason::Forbidden => explained(&refusal.failure, without),
        _ => refusal.failure,
    })?;
    names(&response, count, page)
}

fn names(response: &Response, count: u64, page: &mut Page) -> Result<Users> {
    let answer: Value = response.json()?;
    let Some(listed) = answer.get("Users").and_then(Value::as_array) else {
        return Err(response.unexpected("it is not a list of users"));
    };
    let mut names = Vec::new();
    for user in listed {
        match Fields::of(user).text("UserName") {
            Some(name) => names.push(name.to_owned()),
            None => page.report(None, "an EIM user has no UserName, so that its keys are not listed"),
        }
    }
    let more = match answer.get("HasMoreItems").and_then(Value::as_bool) {
        Some(more) => more && !listed.is_empty(),
        None => listed.len() as u64 >= count,
    };
    Ok(Users { names, more })
}

/// The EIM user who has a key now whose user is not known by that name any more: a user is deleted only after all of its
/// keys, but may also have been renamed, with them. One request, and one for each user.
pub(crate) fn new_name(account: &Account, key: KeyId<'_>) -> Result<Option<String>> {
    let mut page = Page::default();
    let without = "the EIM user of the key does not exist, or has another name now: allow api:ReadUsers to find out";
    let users = read(account, 0, MOST, &mut page, without)?;
    for user_name in users.names {
        let answer = calls::read_access_key(account, &user_name, key.access_key)?;
        match answer {
            Ok(response) if AccessKey::one_of(&response, key.access_key)?.is_some() => return Ok(Some(user_name)),
            Err(refusal) if !refusal.is_missing_user() => return Err(refusal.into()),
            Ok(_) | Err(_) => {}
        }
    }
    if users.more || !page.unreadable.is_empty() {
        let message = "the EIM user of the key does not exist, or has another name now, and not all users could be asked \
                       for it: find the key in a list, and work on it by its id there";
        return Err(Failure::new(Reason::Vendor("too-many-users".to_owned()), message));
    }
    Ok(None)
}

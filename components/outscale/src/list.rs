//! Lists: the keys of one owner at once, or of all, a few owners a page.

use keywright_sdk::{Account, FieldProblem, Fields, Filter, Page, Problem, Result, cursor};
use serde_json::{Map, Value};

use crate::access_key::AccessKey;
use crate::administrator;
use crate::calls;
use crate::key_id::Owner;
use crate::users;

/// How many EIM users' keys a page of the list of all holds. Each costs a request, and OUTSCALE's own tools send no more than
/// five a second.
const USERS: u64 = 5;

const USER_NAME: &str = "/filter/attributes/user_name";

pub(crate) fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
    if let Some(cursor) = cursor {
        let [first_user, account_id] = cursor::split(cursor)?;
        let of_another = administrator::owner(account).is_some_and(|owner| owner.account_id != account_id);
        if of_another || account_id.is_empty() || !account_id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(cursor::invalid());
        }
        return users_keys(account, &account_id, cursor::number(&first_user)?, filter);
    }
    // Not text that holds something: an empty name is the root user's.
    let user_name = filter.attributes.get("user_name").and_then(Value::as_str);
    if user_name == Some("") {
        administrator::is_root(account, USER_NAME)?;
    }
    let account_id = administrator::account_id(account)?;
    let by_root = administrator::owner(account).is_some_and(Owner::is_root);
    let Some(user_name) = user_name.or(by_root.then_some("")) else {
        return users_keys(account, &account_id, 0, filter);
    };
    let owner = Owner { account_id: &account_id, user_name };
    let mut page = Page::default();
    if !add_keys(account, owner, filter, &mut page)? {
        return Err(FieldProblem::new(USER_NAME, Problem::Constraint, "does not name an EIM user").into());
    }
    if !filter.attributes.contains_key("user_name") {
        page.next = Some(next(0, &account_id));
    }
    Ok(page)
}

/// Adds the keys of one owner that are wanted. False, when there is no such EIM user.
fn add_keys(account: &Account, owner: Owner<'_>, filter: &Filter, page: &mut Page) -> Result<bool> {
    let state = Fields::of_map(&filter.attributes).text("state");
    let filters = state.map_or_else(Map::new, |state| calls::filter("States", state));
    let response = match calls::read_access_keys(account, owner.user_name, filters)? {
        Ok(response) => response,
        Err(refusal) if refusal.is_missing_user() && !owner.is_root() => return Ok(false),
        Err(refusal) => return Err(refusal.into()),
    };
    for key in AccessKey::list(&response, page)? {
        if filter.wants(key.marker()) {
            page.credentials.push(key.credential(owner));
        }
    }
    Ok(true)
}

/// A page of the keys of all EIM users.
fn users_keys(account: &Account, account_id: &str, first: u64, filter: &Filter) -> Result<Page> {
    let mut page = Page::default();
    let without = "the keys of all EIM users cannot be listed: filter by user_name, or allow api:ReadUsers";
    let users = users::read(account, first, USERS, &mut page, without)?;
    for user_name in &users.names {
        // One that is missing was deleted since the users were read, and so were its keys.
        add_keys(account, Owner { account_id, user_name }, filter, &mut page)?;
    }
    page.next = users.more.then(|| next(first.saturating_add(USERS), account_id));
    Ok(page)
}

/// The cursor of the page that begins with this EIM user.
fn next(first_user: u64, account_id: &str) -> String {
    cursor::join(&[&first_user.to_string(), account_id])
}

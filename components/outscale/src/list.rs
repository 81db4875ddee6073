//! Lists: the keys of one owner at once, or of all, a few owners a page.

use keywright_sdk::{Account, Credential, FieldProblem, Filter, Page, Problem, Reason, Response, Result};
use serde_json::{Map, Value};

use crate::access_key::AccessKey;
use crate::answer::{Answer, Refusal, code};
use crate::calls;
use crate::key_id::Owner;

/// How many EIM users' keys a page of the list of all holds. Each costs a request, and OUTSCALE's own tools send no more than
/// five a second.
const USERS: usize = 5;

/// Where the list of all goes on: with which user, and the keys that were told already as the caller's own.
struct Cursor<'a> {
    first_user: usize,
    own: Vec<&'a str>,
}

impl<'a> Cursor<'a> {
    fn read(text: &'a str) -> Result<Self> {
        text.split_once(':')
            .and_then(|(first_user, own)| {
                Some(Self { first_user: first_user.parse().ok()?, own: own.split(',').collect() })
            })
            .ok_or_else(|| FieldProblem::new("/cursor", Problem::Format, "is not a cursor of this list").into())
    }

    fn next(&self) -> String {
        [&(self.first_user + USERS).to_string(), ":", &self.own.join(",")].concat()
    }
}

/// Adds the keys of one owner that are wanted.
fn add(keys: &[AccessKey], owner: Owner<'_>, filter: &Filter, credentials: &mut Vec<Credential>) {
    for key in keys {
        if filter.marker.is_none() || key.marker() == filter.marker.as_deref() {
            credentials.push(key.credential(owner));
        }
    }
}

pub(crate) fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
    let of_filter = |name| filter.attributes.get(name).and_then(Value::as_str);
    let filters = of_filter("state").map_or_else(Map::new, |state| calls::filter("States", state));
    let mut page = Page::default();
    let Some(cursor) = cursor else {
        let owner = Owner(of_filter("user_name").unwrap_or_default());
        let response = match calls::read_access_keys(account, owner, filters)? {
            Answer::Refused(Refusal { code: Some(code::NO_SUCH_USER), .. }) if !owner.is_caller() => {
                return Err(FieldProblem::new("/filter/user_name", Problem::Constraint, "names no EIM user").into());
            }
            answer => answer.ok()?,
        };
        let keys = AccessKey::list(&response)?;
        add(&keys, owner, filter, &mut page.credentials);
        if of_filter("user_name").is_none() {
            let own: Vec<&str> = keys.iter().map(|key| key.id.as_str()).collect();
            page.next = Some(["0:", &own.join(",")].concat());
        }
        return Ok(page);
    };
    let cursor = Cursor::read(cursor)?;
    let (users, more) = users(account, cursor.first_user)?;
    for user in &users {
        let owner = Owner(user);
        match calls::read_access_keys(account, owner, filters.clone())? {
            Answer::Ok(response) => {
                let mut keys = AccessKey::list(&response)?;
                // The caller may be an EIM user: these are on the first page.
                keys.retain(|key| !cursor.own.contains(&key.id.as_str()));
                add(&keys, owner, filter, &mut page.credentials);
            }
            // Deleted since the users were read, and so are its keys.
            Answer::Refused(Refusal { code: Some(code::NO_SUCH_USER), .. }) => {}
            Answer::Refused(refusal) => return Err(refusal.failure),
        }
    }
    page.next = more.then(|| cursor.next());
    Ok(page)
}

/// The names of the next EIM users, and whether more follow.
fn users(account: &Account, first: usize) -> Result<(Vec<String>, bool)> {
    let mut body = Map::new();
    body.insert("ResultsPerPage".to_owned(), USERS.into());
    // Whether items count from 0 or from 1 is not documented. Counted from 1, this tells one user twice and misses none.
    if first > 0 {
        body.insert("FirstItem".to_owned(), first.into());
    }
    let response = calls::reading(account, "ReadUsers", &body)?.ok().map_err(|failure| match failure.reason() {
        Reason::Forbidden => failure.after(
            "the keys of EIM users cannot be listed: filter by user_name (empty for the account's own keys), or allow \
             api:ReadUsers",
        ),
        _ => failure,
    })?;
    read_users(&response)
}

fn read_users(response: &Response) -> Result<(Vec<String>, bool)> {
    let answer: Value = response.json()?;
    let Some(listed) = answer.get("Users").and_then(Value::as_array) else {
        return Err(response.unexpected("it is no list of users"));
    };
    let mut users = Vec::new();
    for user in listed {
        match user.get("UserName").and_then(Value::as_str) {
            Some(name) if !name.is_empty() => users.push(name.to_owned()),
            _ => return Err(response.unexpected("a user in it has no name")),
        }
    }
    let more = match answer.get("HasMoreItems").and_then(Value::as_bool) {
        Some(more) => more && !users.is_empty(),
        None => users.len() >= USERS,
    };
    Ok((users, more))
}

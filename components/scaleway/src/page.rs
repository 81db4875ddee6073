//! Lists.

use keywright_sdk::{Filter, Page, Response, Result, cursor};
use serde_json::Value;

use crate::api_key::ApiKey;

/// The most that Scaleway gives at once; its default is not documented, so the size is always asked for.
pub(crate) const PAGE_SIZE: u32 = 100;

/// The last page that can be asked for.
const LAST_PAGE: u64 = 10_000;

/// Where a list goes on: the page to ask for, and how many keys the pages before it held.
pub(crate) struct Cursor {
    pub(crate) page: u64,
    seen: u64,
}

impl Cursor {
    pub(crate) fn read(cursor: Option<&str>) -> Result<Self> {
        let Some(text) = cursor else { return Ok(Self { page: 1, seen: 0 }) };
        let [page, seen] = cursor::split(text)?;
        match cursor::number(&page)? {
            page @ 1..=LAST_PAGE => Ok(Self { page, seen: cursor::number(&seen)? }),
            _ => Err(cursor::invalid()),
        }
    }
}

/// The page that an answer is, and the cursor of the next until all keys that Scaleway counts have been seen.
pub(crate) fn read(response: &Response, cursor: &Cursor, filter: &Filter) -> Result<Page> {
    let mut answer: Value = response.json()?;
    let total = answer.get("total_count").and_then(Value::as_u64);
    let (Some(total), Some(Value::Array(api_keys))) = (total, answer.get_mut("api_keys").map(Value::take)) else {
        return Err(response.unexpected("it is no list of API keys"));
    };
    let held = api_keys.len() as u64;
    let seen = cursor.seen.saturating_add(held);
    let more = held > 0 && seen < total && cursor.page < LAST_PAGE;
    let mut page = Page::default();
    page.next = more.then(|| cursor::join(&[&(cursor.page + 1).to_string(), &seen.to_string()]));
    for api_key in api_keys {
        match ApiKey::try_from(api_key) {
            Ok(key) if filter.wants(key.marker()) => {
                page.credentials.push(key.credential());
            }
            Ok(_) => {}
            Err(how) => page.report(None, how),
        }
    }
    Ok(page)
}

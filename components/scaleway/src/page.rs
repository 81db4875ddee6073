//! Lists.

use std::result::Result as StdResult;

use keywright_sdk::{FieldProblem, Filter, Page, Problem, Response, Result};
use serde_json::Value;

use crate::api_key::ApiKey;

/// The most that Scaleway gives at once; its default is not documented, so the size is always asked for.
pub(crate) const PAGE_SIZE: u32 = 100;

/// The last page that can be asked for.
const LAST_PAGE: u32 = 10_000;

/// Where a list goes on: the page to ask for, and how many keys the pages before it held.
pub(crate) struct Cursor {
    pub(crate) page: u32,
    seen: u64,
}

impl Cursor {
    pub(crate) fn read(cursor: Option<&str>) -> Result<Self> {
        let Some(text) = cursor else { return Ok(Self { page: 1, seen: 0 }) };
        text.split_once(':')
            .and_then(|(page, seen)| Some(Self { page: page.parse().ok()?, seen: seen.parse().ok()? }))
            .filter(|cursor| (1..=LAST_PAGE).contains(&cursor.page))
            .ok_or_else(|| FieldProblem::new("/cursor", Problem::Format, "is not a cursor of this list").into())
    }
}

/// The page that an answer is, and the cursor of the next until all keys that Scaleway counts have been seen.
pub(crate) fn read(response: &Response, cursor: &Cursor, filter: &Filter) -> Result<Page> {
    let mut answer: Value = response.json()?;
    let total = answer.get("total_count").and_then(Value::as_u64);
    let (Some(total), Some(Value::Array(api_keys))) = (total, answer.get_mut("api_keys").map(Value::take)) else {
        return Err(response.unexpected("it is no list of API keys"));
    };
    let api_keys: Vec<ApiKey> = api_keys
        .into_iter()
        .map(ApiKey::try_from)
        .collect::<StdResult<_, _>>()
        .map_err(|how| response.unexpected(how))?;
    let held = api_keys.len() as u64;
    let seen = cursor.seen + held;
    let more = held > 0 && seen < total && cursor.page < LAST_PAGE;
    let wanted = |key: &&ApiKey| filter.marker.is_none() || key.marker() == filter.marker.as_deref();
    Ok(Page {
        credentials: api_keys.iter().filter(wanted).map(ApiKey::credential).collect(),
        next: more.then(|| format!("{}:{seen}", cursor.page + 1)),
        quota: None,
    })
}

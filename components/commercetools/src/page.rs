//! Lists. Pages go by offset as far as the vendor counts, and by the last id after that.

use keywright_sdk::{Account, Filter, Page, Request, Response, Result, cursor};
use serde_json::Value;

use crate::api_client::ApiClient;
use crate::{API, collection};

/// Clients at once. The vendor gives up to 500; a client of many scopes takes some kilobytes.
pub(crate) const PAGE_SIZE: u32 = 200;

/// The largest offset that the vendor takes.
const LARGEST_OFFSET: u64 = 10_000;

/// How the cursor of a page that goes by the id begins.
const AFTER: &str = "after:";

/// Where a list goes on.
pub(crate) enum Cursor {
    /// Behind so many clients.
    Offset(u64),
    /// Behind the client with this id.
    After(String),
}

impl Cursor {
    pub(crate) fn read(text: Option<&str>) -> Result<Self> {
        let Some(text) = text else { return Ok(Self::Offset(0)) };
        match text.strip_prefix(AFTER) {
            Some("") => Err(cursor::invalid()),
            Some(id) => Ok(Self::After(id.to_owned())),
            None => match cursor::number(text)? {
                offset @ 0..=LARGEST_OFFSET => Ok(Self::Offset(offset)),
                _ => Err(cursor::invalid()),
            },
        }
    }

    fn write(&self) -> String {
        match self {
            Self::Offset(offset) => offset.to_string(),
            Self::After(id) => [AFTER, id].concat(),
        }
    }

    /// Where the page after goes on that held so many clients, the last one with this id.
    fn next(&self, held: u64, last: &str) -> Self {
        match self {
            Self::Offset(offset) if offset + held <= LARGEST_OFFSET => Self::Offset(offset + held),
            _ => Self::After(last.to_owned()),
        }
    }
}

/// A page of at most `limit` clients. In the order of their ids, which never change, so that pages fit together; without
/// the total, which is an estimate.
pub(crate) fn request<'a>(account: &'a Account, cursor: &Cursor, limit: u32) -> Result<Request<'a>> {
    let request = account
        .get(API, &collection(account)?)?
        .query("sort", "id asc")
        .query("limit", &limit.to_string())
        .query("withTotal", "false");
    Ok(match cursor {
        Cursor::Offset(0) => request,
        Cursor::Offset(offset) => request.query("offset", &offset.to_string()),
        Cursor::After(id) => {
            let mut predicate = String::from("id > \"");
            for character in id.chars() {
                if matches!(character, '"' | '\\') {
                    predicate.push('\\');
                }
                predicate.push(character);
            }
            predicate.push('"');
            request.query("where", &predicate)
        }
    })
}

/// The page that an answer is, and the cursor of the next while pages are full.
pub(crate) fn read(response: &Response, cursor: &Cursor, filter: &Filter) -> Result<Page> {
    let mut answer: Value = response.json()?;
    let limit = answer.get("limit").and_then(Value::as_u64).unwrap_or(PAGE_SIZE.into());
    let Some(Value::Array(results)) = answer.get_mut("results").map(Value::take) else {
        return Err(response.unexpected("it is not a list of API clients"));
    };
    let held = results.len() as u64;
    let (mut page, mut last) = (Page::default(), None);
    for client in results {
        match ApiClient::try_from(client) {
            Ok(client) => {
                if filter.wants(client.marker()) {
                    page.credentials.push(client.credential());
                }
                last = Some(client.id);
            }
            Err(how) => page.report(None, how),
        }
    }
    if held > 0 && held >= limit {
        let Some(last) = last else { return Err(response.unexpected("no API client in it has an id")) };
        page.next = Some(cursor.next(held, &last).write());
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_go_by_offset_while_the_vendor_counts_and_by_the_last_id_after() {
        let after = |cursor: &str, held| Cursor::read(Some(cursor)).unwrap().next(held, "id-1").write();
        assert_eq!(after("0", 200), "200");
        assert_eq!(after("9800", 200), "10000");
        assert_eq!(after("10000", 200), "after:id-1");
        assert_eq!(after("after:id-0", 200), "after:id-1");
    }

    #[test]
    fn a_text_that_is_not_a_cursor_is_refused() {
        for cursor in ["", "-1", "10001", "after:", "next", "4294967296"] {
            assert!(Cursor::read(Some(cursor)).is_err(), "{cursor}");
        }
    }
}

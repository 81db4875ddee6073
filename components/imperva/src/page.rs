//! Lists. An answer says how many API clients there are, which page it is and how large pages are; how a page is asked
//! for is not documented. So the first request asks for none, the next ask for `pageNumber` by the name that the answer
//! itself uses, and each answer is held against what was asked: nothing is taken for a page that is not, nothing is missed
//! in silence, and no list goes on for ever.

use keywright_sdk::{Failure, Fields, Filter, Page, Quota, Reason, Request, Result, cursor};
use serde_json::Value;

use crate::answer::Success;
use crate::api_client::{ApiClient, NO_ID};

/// Where a list goes on.
pub(crate) struct Cursor {
    /// The page to ask for.
    page: u64,
    /// How large pages are.
    size: u64,
    /// How many API clients the pages before held.
    seen: u64,
    /// How many there are, as the first page said.
    total: u64,
    /// The first API client of the page before.
    first: u64,
    /// Whether the page before was not full.
    short: bool,
}

impl Cursor {
    pub(crate) fn read(text: Option<&str>) -> Result<Option<Self>> {
        let Some(text) = text else { return Ok(None) };
        let mut numbers = [0; 6];
        for (number, text) in numbers.iter_mut().zip(cursor::split::<6>(text)?) {
            *number = cursor::number(&text)?;
        }
        match numbers {
            [page, size, seen, total, first, short @ (0 | 1)] => {
                Ok(Some(Self { page, size, seen, total, first, short: short == 1 }))
            }
            _ => Err(cursor::invalid()),
        }
    }

    /// Asks for its page.
    pub(crate) fn ask<'a>(&self, request: Request<'a>) -> Request<'a> {
        request.query("pageNumber", &self.page.to_string()).query("pageSize", &self.size.to_string())
    }

    fn text(&self) -> String {
        let Self { page, size, seen, total, first, short } = self;
        format!("{page}:{size}:{seen}:{total}:{first}:{}", u8::from(*short))
    }
}

/// The API clients of an answer; nothing for one that has no id.
pub(crate) fn clients(success: &mut Success, account: Option<u64>) -> Result<Vec<Option<ApiClient>>> {
    match success.body.get_mut("data").map(Value::take) {
        Some(Value::Array(clients)) => Ok(clients.into_iter().map(|client| ApiClient::of(account, client)).collect()),
        _ => Err(success.response.unexpected("it is not a list of API clients")),
    }
}

/// The page that an answer is.
pub(crate) fn read(
    mut success: Success,
    account: Option<u64>,
    cursor: Option<&Cursor>,
    filter: &Filter,
) -> Result<Page> {
    let clients = clients(&mut success, account)?;
    let meta = Fields::of(&success.body).object("meta");
    let count = |name: &str| meta.get(name)?.as_u64();
    let Some(total) = count("total") else {
        return Err(success.response.unexpected("it does not say how many API clients there are"));
    };
    let quota = count("maxApiKeyLimit").map(|limit| Quota { limit: u32::try_from(limit).ok(), used: None });
    let mut page = Page { quota, ..Page::default() };
    let (number, held) = (count("pageNumber"), clients.len() as u64);
    let first = clients.iter().flatten().next().map_or(0, |client| client.id.number);
    let seen = cursor.map_or(0, |cursor| cursor.seen).saturating_add(held);
    if let Some(cursor) = cursor {
        if total != cursor.total {
            let message = "the list of API clients changed while its pages were read: list again";
            return Err(success.response.because(Reason::Unavailable, message));
        }
        if number != Some(cursor.page) || first == cursor.first {
            // The same page again. That is no loss when the page before was not full, for then it was the last: the total
            // counts what this caller is not shown.
            return if cursor.short { Ok(page) } else { Err(unreachable(&success, cursor.seen, total)) };
        }
    }
    page.next = match (number, held > 0 && seen < total) {
        (_, false) => None,
        (None, true) => return Err(unreachable(&success, seen, total)),
        (Some(number), true) => {
            let size = count("pageSize").filter(|size| *size > 0).unwrap_or(held);
            Some(Cursor { page: number.saturating_add(1), size, seen, total, first, short: held < size }.text())
        }
    };
    for client in clients {
        match client {
            Some(client) if wanted(&client, filter) => page.credentials.push(client.credential()),
            Some(_) => {}
            None => page.report(None, NO_ID),
        }
    }
    Ok(page)
}

/// Imperva may ignore what it was asked to select by, so the selection is made again.
fn wanted(client: &ApiClient, filter: &Filter) -> bool {
    let user = Fields::of_map(&filter.attributes).text("user_email");
    filter.wants(client.marker())
        && user.is_none_or(|user| client.user_email().is_some_and(|email| email.eq_ignore_ascii_case(user)))
}

fn unreachable(success: &Success, seen: u64, total: u64) -> Failure {
    let message = format!(
        "Imperva counts {total} API clients, shows {seen} and does not turn the page: list by user_email or account_id"
    );
    success.response.because(Reason::Vendor("paging".to_owned()), message)
}

//! Lists. Pages are counted here: the links of an answer only say whether there is one more.

use keywright_sdk::{Account, Fields, Filter, Method, Page, Quota, Request, Response, Result, cursor};
use serde_json::Value;

use crate::descriptor::{API, LIST};
use crate::key::Key;

/// The most that DigitalOcean gives at once.
pub(crate) const PAGE_SIZE: u64 = 200;

/// The last page that is asked for.
const LAST_PAGE: u64 = 10_000;

/// The number of the page that a cursor stands for.
pub(crate) fn number(text: Option<&str>) -> Result<u64> {
    match text.map(cursor::number).transpose()? {
        None => Ok(1),
        Some(page @ 2..=LAST_PAGE) => Ok(page),
        Some(_) => Err(cursor::invalid()),
    }
}

/// A page, oldest keys first: a key that is made meanwhile moves no other to another page.
pub(crate) fn request(account: &Account, page: u64, page_size: u64) -> Result<Request<'_>> {
    Ok(account
        .request_at(Method::Get, API, LIST, &[])?
        .query("page", &page.to_string())
        .query("per_page", &page_size.to_string())
        .query("sort", "created_at")
        .query("sort_direction", "asc"))
}

/// The keys of an answer that have the marker that is looked for, and the cursor of the page after `page`.
pub(crate) fn read(response: &Response, page: u64, filter: &Filter) -> Result<Page> {
    let mut answer: Value = response.json()?;
    let Some(Value::Array(keys)) = answer.get_mut("keys").map(Value::take) else {
        return Err(response.unexpected("it is not a list of keys"));
    };
    let answer = Fields::of(&answer);
    let total = answer.object("meta").integer("total");
    let has_next = answer.object("links").object("pages").has("next")
        || total.is_some_and(|total| u64::try_from(total).is_ok_and(|total| total > page * PAGE_SIZE));
    let mut read = Page {
        // An empty page is the last one even if the answer says that there are more: a list must end.
        next: (has_next && !keys.is_empty() && page < LAST_PAGE).then(|| (page + 1).to_string()),
        // Nothing is filtered at DigitalOcean, so the total is that of the account.
        quota: total.and_then(|total| Some(Quota { limit: None, used: Some(u32::try_from(total).ok()?) })),
        ..Page::default()
    };
    for key in keys {
        match Key::try_from(key) {
            Ok(key) if filter.wants(key.marker()) => {
                read.credentials.push(key.credential());
            }
            Ok(_) => {}
            Err(how) => read.report(None, how),
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use keywright_sdk::Reason;
    use serde_json::json;

    use super::*;

    fn page(page: u64, body: &Value, marker: Option<&str>) -> Result<Page> {
        let filter = Filter { marker: marker.map(str::to_owned), ..Filter::default() };
        read(&Response::made_up(true, 200, &[], body.to_string()), page, &filter)
    }

    fn keys() -> Value {
        json!([
            {"access_key": "DO01", "name": "a [keywright:g7]"},
            {"access_key": "", "name": "b [keywright:g7]"},
            7,
            {"access_key": "DO02", "name": "a [keywright:g70]"},
        ])
    }

    #[test]
    fn a_key_that_cannot_be_read_is_reported_and_spoils_nothing() {
        let page = page(1, &json!({"keys": keys(), "links": {}, "meta": {"total": 4}}), Some("g7")).unwrap();
        let ids: Vec<_> = page.credentials.iter().map(|key| key.id.as_str()).collect();
        assert_eq!(ids, ["DO01"]);
        assert_eq!(page.unreadable.len(), 2);
        assert_eq!(page.unreadable[0].message, "it has no access_key");
        assert_eq!(page.next, None);
        assert_eq!(page.quota, Some(Quota { limit: None, used: Some(4) }));
    }

    #[test]
    fn pages_are_counted_and_end() {
        let link = "https://elsewhere.example.com/v2/spaces/keys?page=9";
        let next = |number, body: Value| page(number, &body, None).unwrap().next;
        let linked = json!({"keys": keys(), "links": {"pages": {"next": link}}});
        assert_eq!(next(1, linked.clone()).as_deref(), Some("2"));
        assert_eq!(next(LAST_PAGE, linked), None);
        assert_eq!(next(1, json!({"keys": [], "links": {"pages": {"next": link}}, "meta": {"total": 900}})), None);
        // Without a readable link the total says it.
        assert_eq!(next(2, json!({"keys": keys(), "meta": {"total": 401}})).as_deref(), Some("3"));
        assert_eq!(next(2, json!({"keys": keys(), "links": {"pages": {"prev": link}}, "meta": {"total": 400}})), None);
    }

    #[test]
    fn what_is_not_a_list_of_keys_is_not_understood() {
        for body in [json!({}), json!([]), json!({"keys": {}}), json!({"keys": null})] {
            assert_eq!(*page(1, &body, None).unwrap_err().reason(), Reason::UnexpectedResponse, "{body}");
        }
    }

    #[test]
    fn a_cursor_is_the_number_of_a_page() {
        assert_eq!(number(None), Ok(1));
        assert_eq!(number(Some("2")), Ok(2));
        for cursor in ["", "0", "1", "-2", "2:200", "10001", "99999999999999999999"] {
            let failure = number(Some(cursor)).unwrap_err();
            assert!(failure.message().starts_with("/cursor "), "{cursor}: {}", failure.message());
        }
    }
}

//! Lists.

use keywright_sdk::{Credential, Fields, Filter, Page, Quota, Response, Result, cursor};
use serde_json::Value;

use crate::api_key::ApiKey;

/// The most keys that Datadog gives at once (its Python client).
pub(crate) const PAGE_SIZE: u64 = 100;

/// Where a list goes on: the page to ask for, and how many keys the pages before it held. That the first page is number 0
/// is a choice: it is not documented for this list, but for Datadog's others.
#[derive(Default)]
pub(crate) struct Cursor {
    pub(crate) number: u64,
    seen: u64,
}

impl Cursor {
    pub(crate) fn read(cursor: Option<&str>) -> Result<Self> {
        let Some(text) = cursor else { return Ok(Self::default()) };
        let [number, seen] = cursor::split(text)?;
        Ok(Self { number: cursor::number(&number)?, seen: cursor::number(&seen)? })
    }
}

/// How many keys the organization has and may have, as a list says.
pub(crate) struct Counts {
    pub(crate) total: Option<u32>,
    pub(crate) most: Option<u32>,
}

impl Counts {
    fn of(document: &Value) -> Self {
        let meta = Fields::of(document).object("meta");
        let count = |fields: Fields<'_>, name| fields.integer(name).and_then(|count| u32::try_from(count).ok());
        Self { total: count(meta.object("page"), "total_filtered_count"), most: count(meta, "max_allowed") }
    }
}

/// The page that an answer is, and the cursor of the next until all keys that Datadog counts have been seen. Where it does
/// not count them, a page that is not full is the last.
pub(crate) fn read(response: &Response, cursor: &Cursor, filter: &Filter) -> Result<(Page, Counts)> {
    let mut document: Value = response.json()?;
    let counts = Counts::of(&document);
    let Some(Value::Array(resources)) = document.get_mut("data").map(Value::take) else {
        return Err(response.unexpected("it is not a list of API keys"));
    };
    let held = resources.len() as u64;
    let seen = cursor.seen.saturating_add(held);
    let more = match counts.total {
        Some(total) => held > 0 && seen < u64::from(total),
        None => held >= PAGE_SIZE,
    };
    let mut page = Page::default();
    if let Some(next) = cursor.number.checked_add(1).filter(|_| more) {
        page.next = Some(cursor::join(&[&next.to_string(), &seen.to_string()]));
    }
    // Datadog does not say how many keys count against the limit: keys made by integrations are listed, but do not count.
    page.quota = counts.most.map(|limit| Quota { limit: Some(limit), used: None });
    for resource in resources {
        match ApiKey::of(resource) {
            Ok(key) => page.credentials.extend(Some(key.credential()).filter(|key| matches(key, filter))),
            Err(how) => page.report(None, how),
        }
    }
    Ok((page, counts))
}

/// Datadog's own filter finds a part of a name, and how is not known; so all of them are compared here, whole.
fn matches(credential: &Credential, filter: &Filter) -> bool {
    filter.wants(credential.marker.as_deref())
        && filter.attributes.iter().all(|(name, value)| credential.attributes.get(name) == Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(document: &Value) -> Response {
        Response::made_up(true, 200, &[], document.to_string())
    }

    fn keys(count: usize) -> Vec<Value> {
        (0..count).map(|number| json!({"id": format!("k{number}"), "attributes": {"name": "web"}})).collect()
    }

    fn next(held: usize, meta: &Value, cursor: &Cursor) -> Option<String> {
        let document = json!({"data": keys(held), "meta": meta});
        read(&answer(&document), cursor, &Filter::default()).unwrap().0.next
    }

    #[test]
    fn a_list_ends_when_all_that_are_counted_were_seen() {
        let counted = |total: u32| json!({"page": {"total_filtered_count": total}});
        assert_eq!(next(100, &counted(250), &Cursor::default()).as_deref(), Some("1:100"));
        let cursor = Cursor::read(Some("2:200")).unwrap();
        assert_eq!(next(50, &counted(250), &cursor), None);
        assert_eq!(next(100, &counted(100), &Cursor::default()), None);
        // Datadog may give fewer at once than asked for; and what was counted may be gone since.
        assert_eq!(next(10, &counted(30), &Cursor::default()).as_deref(), Some("1:10"));
        assert_eq!(next(0, &counted(250), &cursor), None);
    }

    #[test]
    fn a_list_without_a_count_ends_with_a_page_that_is_not_full() {
        assert_eq!(next(100, &json!({}), &Cursor::default()).as_deref(), Some("1:100"));
        assert_eq!(next(99, &json!(null), &Cursor::default()), None);
        assert_eq!(next(100, &json!({}), &Cursor { number: u64::MAX, seen: 0 }), None);
    }

    #[test]
    fn a_key_that_cannot_be_read_is_reported_and_spoils_nothing() {
        let document = json!({"data": [{"id": "k1"}, {"attributes": {}}, null], "meta": {"max_allowed": 200}});
        let (page, _) = read(&answer(&document), &Cursor::default(), &Filter::default()).unwrap();
        assert_eq!((page.credentials.len(), page.unreadable.len()), (1, 2));
        assert_eq!(page.quota, Some(Quota { limit: Some(200), used: None }));
    }

    #[test]
    fn what_is_not_a_list_is_no_empty_list() {
        for document in [json!({}), json!({"data": {}}), json!([]), json!({"data": null})] {
            assert!(read(&answer(&document), &Cursor::default(), &Filter::default()).is_err(), "{document}");
        }
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        for cursor in ["", "1", "1:2:3", "a:0", "0:-1"] {
            assert!(Cursor::read(Some(cursor)).is_err(), "{cursor}");
        }
    }

    #[test]
    fn names_and_markers_are_compared_whole() {
        let data = json!([
            {"id": "k1", "attributes": {"name": "web [keywright:g1]"}},
            {"id": "k2", "attributes": {"name": "web [keywright:g10]"}},
            {"id": "k3", "attributes": {"name": "website"}},
        ]);
        let found = |marker: Option<&str>, attributes: Value| -> Vec<String> {
            let Value::Object(attributes) = attributes else { panic!("{attributes} is not an object") };
            let filter = Filter { marker: marker.map(str::to_owned), attributes, ..Filter::default() };
            let (page, _) = read(&answer(&json!({"data": data})), &Cursor::default(), &filter).unwrap();
            page.credentials.into_iter().map(|key| key.id).collect()
        };
        assert_eq!(found(Some("g1"), json!({})), ["k1"]);
        assert_eq!(found(None, json!({"name": "web"})), ["k1", "k2"]);
        assert_eq!(found(None, json!({"name": "web", "leaked": true})), [""; 0]);
    }
}

//! Lists.

use std::collections::HashSet;

use keywright_runtime::{Filter, Problem, Quota, Reason, UnreadableItem};
use keywright_simulators::datadog::Permission;
use keywright_tests::{DatadogBench as Bench, Reply, object};
use serde_json::{Value, json};

use super::scripted::{ID, always, answering, key};
use crate::outcome::{problem, reason};

fn by_attributes(attributes: Value) -> Filter {
    Filter { attributes: object(attributes), ..Filter::default() }
}

#[tokio::test]
async fn each_of_many_keys_is_listed_once() {
    let bench = Bench::builder().option("quota", 500).start().await;
    let mut made = HashSet::from([bench.vendor.administrator_key_id()]);
    for number in 1..230 {
        made.insert(bench.key(&format!("key {number}")).await.credential.id);
    }
    let mark = bench.mark();
    let listed = bench.account.list_all(&Filter::default()).await.unwrap();
    assert_eq!(listed.len(), 230);
    assert_eq!(listed.into_iter().map(|key| key.id).collect::<HashSet<_>>(), made);
    assert_eq!(bench.methods_since(mark), ["GET"; 3]);
}

#[tokio::test]
async fn a_full_last_page_is_followed_by_no_other() {
    let bench = Bench::builder().option("quota", 500).start().await;
    for number in 1..100 {
        bench.key(&format!("key {number}")).await;
    }
    let page = bench.account.list(&Filter::default(), None).await.unwrap();
    assert_eq!((page.credentials.len(), page.next), (100, None));
    assert_eq!(page.quota, Some(Quota { limit: Some(500), used: None }));
}

/// Datadog's usual order is by name, in which the late one would have come first and moved another to the next page.
#[tokio::test]
async fn a_key_that_is_made_between_two_pages_moves_no_other() {
    let bench = Bench::builder().option("quota", 500).start().await;
    for number in 1..150 {
        bench.key(&format!("key {number}")).await;
    }
    let first = bench.account.list(&Filter::default(), None).await.unwrap();
    bench.key("a late one").await;
    let second = bench.account.list(&Filter::default(), first.next.as_deref()).await.unwrap();
    assert_eq!((second.credentials.len(), second.next), (51, None));
    let ids: HashSet<_> = first.credentials.iter().chain(&second.credentials).map(|key| &key.id).collect();
    assert_eq!(ids.len(), 151);
}

#[tokio::test]
async fn a_list_without_a_count_ends_with_a_page_that_is_not_full() {
    let (vendor, account) = answering(|request| {
        let first = request.query.as_deref().is_some_and(|query| query.contains("page%5Bnumber%5D=0"));
        let numbers = if first { 0..100 } else { 100..130 };
        let keys: Vec<Value> = numbers
            .map(|number| {
                let mut key = key();
                key["id"] = json!(format!("11111111-2222-4333-8444-{number:012}"));
                key
            })
            .collect();
        Reply::json(200, &json!({"data": keys}))
    })
    .await;
    assert_eq!(account.list_all(&Filter::default()).await.unwrap().len(), 130);
    assert_eq!(vendor.arrived().len(), 2);
}

#[tokio::test]
async fn a_list_can_be_of_one_marker_and_takes_it_at_its_word() {
    for matching in ["substring", "words"] {
        let bench = Bench::builder().option("filter-match", matching).start().await;
        for marker in ["g1", "g10", "g1.old"] {
            bench.account.create(&bench.marked_creation("ci", marker)).await.unwrap();
        }
        let marked = bench.marked("g1").await;
        assert_eq!((marked.len(), marked[0].marker.as_deref()), (1, Some("g1")), "{matching}");
        assert_eq!(bench.marked("g2").await, []);
    }
}

#[tokio::test]
async fn a_list_can_be_of_attributes() {
    let bench = Bench::builder().option("leaked-key", true).start().await;
    let ids = async |attributes: Value| -> Vec<String> {
        let listed = bench.account.list_all(&by_attributes(attributes)).await.unwrap();
        listed.into_iter().map(|key| key.id).collect()
    };
    let marked = bench.account.create(&bench.marked_creation("web", "g1")).await.unwrap().credential;
    bench.key("website").await;
    assert_eq!(ids(json!({"name": "web"})).await, [marked.id.as_str()], "the whole name, without the marker");
    assert_eq!(ids(json!({"name": "we"})).await, [""; 0]);
    assert_eq!(ids(json!({"leaked": true})).await.len(), 1);
    assert_eq!(ids(json!({"leaked": true, "name": "web"})).await, [""; 0]);
    assert_eq!(ids(json!({"created_by": marked.attributes["created_by"]})).await.len(), 4);
}

#[tokio::test]
async fn what_cannot_select_a_list_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for (attributes, name, kind) in [
        (json!({"last4": "cdef"}), "last4", Problem::Constraint),
        (json!({"key": "x"}), "key", Problem::Unknown),
        (json!({"leaked": "yes"}), "leaked", Problem::Format),
    ] {
        let outcome = bench.account.list(&by_attributes(attributes), None).await;
        assert_eq!(problem(outcome), (format!("/filter/attributes/{name}"), kind));
    }
    for cursor in ["", "2", "x:y", "1:2:3", "-1:0"] {
        let outcome = bench.account.list(&Filter::default(), Some(cursor)).await;
        assert_eq!(problem(outcome), ("/cursor".to_owned(), Problem::Format), "{cursor:?}");
    }
    assert_eq!(bench.mark(), 0);
}

#[tokio::test]
async fn a_key_that_cannot_be_read_is_reported_and_spoils_no_page() {
    let mut without_id = key();
    without_id["id"] = Value::Null;
    let (_vendor, account) = always(Reply::json(200, &json!({"data": [without_id, key(), 7]}))).await;
    let page = account.list(&Filter::default(), None).await.unwrap();
    assert_eq!(page.credentials.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), [ID]);
    let unreadable = UnreadableItem { id: None, message: "an API key in it has no id".to_owned() };
    assert_eq!(page.unreadable, [unreadable.clone(), unreadable]);
}

/// A list proves absence, so what is not a list must not pass for an empty one.
#[tokio::test]
async fn what_is_not_a_list_is_no_empty_list() {
    for body in [json!({}), json!({"data": null}), json!({"data": {}}), json!([]), json!({"errors": ["Forbidden"]})] {
        let (_vendor, account) = always(Reply::json(200, &body)).await;
        assert_eq!(reason(account.list_all(&Filter::default()).await), Reason::UnexpectedResponse, "{body}");
    }
    let bench = Bench::start().await;
    assert_eq!(reason(bench.permitted(&[]).list_all(&Filter::default()).await), Reason::Forbidden);
    assert_eq!(bench.permitted(&[Permission::Read]).list_all(&Filter::default()).await.unwrap().len(), 1);
}

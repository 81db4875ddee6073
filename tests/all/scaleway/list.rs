//! Lists.

use std::collections::HashSet;

use keywright_runtime::{CreateRequest, Filter, Problem};
use keywright_tests::{ScalewayBench as Bench, object};
use serde_json::{Value, json};

use crate::outcome::problem;

fn by_attributes(attributes: Value) -> Filter {
    Filter { attributes: object(attributes), ..Filter::default() }
}

#[tokio::test]
async fn each_of_many_keys_is_listed_once() {
    let bench = Bench::builder().option("quota", 500).start().await;
    let mut made = HashSet::from([bench.own("access_key")]);
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
    for _ in 1..100 {
        bench.key("").await;
    }
    let page = bench.account.list(&Filter::default(), None).await.unwrap();
    assert_eq!((page.credentials.len(), page.next), (100, None));
}

#[tokio::test]
async fn a_key_that_is_made_or_ended_between_two_pages_is_not_listed_twice() {
    let bench = Bench::builder().option("quota", 500).start().await;
    for _ in 1..150 {
        bench.key("").await;
    }
    let first = bench.account.list(&Filter::default(), None).await.unwrap();
    bench.key("late").await;
    let second = bench.account.list(&Filter::default(), first.next.as_deref()).await.unwrap();
    assert_eq!((second.credentials.len(), second.next), (51, None));
    let ids: HashSet<_> = first.credentials.iter().chain(&second.credentials).map(|key| &key.id).collect();
    assert_eq!(ids.len(), 151);
}

#[tokio::test]
async fn a_list_can_be_of_one_application_or_one_user() {
    let bench = Bench::start().await;
    let owner = bench.owner().await;
    let of_application = bench.key("").await.credential.id;
    let ids = async |filter: &Filter| -> Vec<String> {
        bench.account.list_all(filter).await.unwrap().into_iter().map(|key| key.id).collect()
    };
    assert_eq!(ids(&by_attributes(json!({"application_id": bench.application()}))).await, [of_application]);
    assert_eq!(ids(&by_attributes(json!({"user_id": owner}))).await, [bench.own("access_key")]);
    assert_eq!(ids(&by_attributes(json!({"application_id": uuid::Uuid::new_v4()}))).await, [""; 0]);
}

#[tokio::test]
async fn a_list_can_be_of_one_marker_and_takes_it_at_its_word() {
    let bench = Bench::builder().option("quota", 500).start().await;
    for marker in ["g1", "g10", "g1.old"] {
        let creation = CreateRequest { marker: Some(marker.to_owned()), ..bench.creation("ci") };
        bench.account.create(&creation).await.unwrap();
    }
    for _ in 0..120 {
        bench.key("").await;
    }
    let creation = CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("on the second page") };
    let last = bench.account.create(&creation).await.unwrap().credential.id;
    let marked = bench.marked("g1").await;
    assert_eq!(marked.len(), 2);
    assert!(marked.iter().all(|key| key.marker.as_deref() == Some("g1")));
    assert_eq!(marked[1].id, last);
    assert_eq!(bench.marked("g2").await, []);
}

#[tokio::test]
async fn a_list_can_be_of_a_marker_and_a_bearer_at_once() {
    let bench = Bench::start().await;
    let owner = bench.owner().await;
    let mine = CreateRequest {
        attributes: object(json!({"user_id": owner})),
        marker: Some("g1".to_owned()),
        ..CreateRequest::default()
    };
    let mine = bench.account.create(&mine).await.unwrap().credential.id;
    bench.account.create(&CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("") }).await.unwrap();
    let filter = Filter { marker: Some("g1".to_owned()), attributes: object(json!({"user_id": owner})) };
    let listed = bench.account.list_all(&filter).await.unwrap();
    assert_eq!(listed.into_iter().map(|key| key.id).collect::<Vec<_>>(), [mine]);
}

#[tokio::test]
async fn what_cannot_select_a_list_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let mark = bench.mark();
    for (attributes, pointer, kind) in [
        (json!({"description": "ci"}), "/filter/attributes/description", Problem::Constraint),
        (json!({"bearer": "x"}), "/filter/attributes/bearer", Problem::Unknown),
        (json!({"application_id": "demo"}), "/filter/attributes/application_id", Problem::Format),
    ] {
        let outcome = bench.account.list(&by_attributes(attributes), None).await;
        assert_eq!(problem(outcome), (pointer.to_owned(), kind));
    }
    for cursor in ["", "2", "0:0", "10001:5", "x:y", "1:2:3"] {
        let outcome = bench.account.list(&Filter::default(), Some(cursor)).await;
        assert_eq!(problem(outcome), ("/cursor".to_owned(), Problem::Format), "{cursor:?}");
    }
    assert_eq!(bench.methods_since(mark), [""; 0]);
}

#[tokio::test]
async fn a_filter_by_two_bearers_is_not_mistaken_for_one_of_them() {
    let bench = Bench::start().await;
    let owner = bench.owner().await;
    bench.key("").await;
    let filter = by_attributes(json!({"application_id": bench.application(), "user_id": owner}));
    // No key has two bearers: nothing, or a refusal, but never the keys of one of the two.
    if let Ok(listed) = bench.account.list_all(&filter).await {
        assert_eq!(listed, []);
    }
}

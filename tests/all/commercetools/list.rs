//! Lists.

use std::collections::HashSet;

use keywright_runtime::{CreateRequest, Filter, Problem, Reason, UnreadableItem};
use keywright_tests::{CommercetoolsBench as Bench, Reply};
use serde_json::{Value, json};

use crate::outcome::{failure, problem};

#[tokio::test]
async fn all_clients_are_listed_the_administrators_own_too() {
    let bench = Bench::start().await;
    let first = bench.client("first").await.credential;
    let second = bench.client("second").await.credential;
    let listed = bench.account.list_all(&Filter::default()).await.unwrap();
    let ids: HashSet<String> = listed.iter().map(|client| client.id.clone()).collect();
    assert_eq!(ids, HashSet::from([first.id.clone(), second.id.clone(), bench.own("client_id")]));
    assert!(listed.contains(&first) && listed.contains(&second));
}

#[tokio::test]
async fn a_marker_finds_the_clients_that_carry_it_and_no_others() {
    let bench = Bench::start().await;
    let marked = |name: &str, marker: &str| CreateRequest { marker: Some(marker.to_owned()), ..bench.creation(name) };
    let wanted = bench.account.create(&marked("ci", "g1")).await.unwrap().credential;
    bench.account.create(&marked("ci", "g10")).await.unwrap();
    bench.client("[keywright:g1] is only mentioned").await;
    bench.client("g1").await;
    assert_eq!(bench.marked("g1").await, [wanted]);
    assert_eq!(bench.marked("g2").await, []);
}

/// With the administrator there is one more than are seeded.
#[tokio::test]
async fn long_lists_are_read_page_by_page_each_client_once() {
    for (clients, pages) in [(198, 1), (199, 2), (449, 3)] {
        let bench = Bench::builder().option("clients", clients).start().await;
        bench.account.check().await.unwrap();
        let mark = bench.mark();
        let listed = bench.account.list_all(&Filter::default()).await.unwrap();
        let ids: HashSet<&str> = listed.iter().map(|client| client.id.as_str()).collect();
        assert_eq!((listed.len(), ids.len()), (clients + 1, clients + 1));
        assert_eq!(bench.methods_since(mark), vec!["GET"; pages]);
    }
}

/// The vendor counts no further than 10,000.
#[tokio::test]
async fn a_list_goes_on_behind_the_largest_offset() {
    let bench = Bench::builder().option("clients", 10_598).start().await;
    let listed = bench.account.list_all(&Filter::default()).await.unwrap();
    let ids: HashSet<&str> = listed.iter().map(|client| client.id.as_str()).collect();
    assert_eq!((listed.len(), ids.len()), (10_599, 10_599));
    let requests = bench.since(0);
    let (by_offset, by_id): (Vec<_>, Vec<_>) =
        requests.iter().skip(1).partition(|request| !request.query.as_deref().unwrap_or_default().contains("where="));
    // Offsets 0 to 10,000 show 10,200; the 399 that are left are no two full pages.
    assert_eq!((by_offset.len(), by_id.len()), (51, 2));
}

/// A client that nobody can name is reported, and spoils neither the page nor the count.
#[tokio::test]
async fn a_client_without_an_id_is_reported_and_the_others_are_listed() {
    for (id, limit, next) in [(None, 3, None), (Some(Value::Null), 2, Some("2")), (Some(json!(7)), 2, Some("2"))] {
        let mut odd = json!({"name": "odd", "scope": "a:pk"});
        if let Some(id) = id {
            odd["id"] = id;
        }
        let answer = json!({"limit": limit, "results": [{"id": "x", "name": "ci [keywright:g1]"}, odd]});
        let (_vendor, account) = Bench::scripted(move |_| Reply::json(200, &answer)).await;
        // A filter does not hide it: whether it is wanted cannot be known.
        for marker in ["g1", "g2"] {
            let filter = Filter { marker: Some(marker.to_owned()), ..Filter::default() };
            let page = account.list(&filter, None).await.unwrap();
            let ids: Vec<&str> = page.credentials.iter().map(|client| client.id.as_str()).collect();
            assert_eq!(ids, if marker == "g1" { vec!["x"] } else { vec![] });
            let reported = UnreadableItem { id: None, message: "it has no id of an API client".to_owned() };
            assert_eq!(page.unreadable, [reported]);
            assert_eq!(page.next.as_deref(), next);
        }
    }
}

/// A list could not go on behind a full page whose last client nobody can name.
#[tokio::test]
async fn what_is_not_a_list_is_not_an_empty_one() {
    for (answer, says) in [
        (json!({}), "it is not a list of API clients"),
        (json!([]), "it is not a list of API clients"),
        (json!({"results": null}), "it is not a list of API clients"),
        (json!({"limit": 1, "results": [{"name": "odd"}]}), "no API client in it has an id"),
    ] {
        let (_vendor, account) = Bench::scripted(move |_| Reply::json(200, &answer)).await;
        let failure = failure(account.list(&Filter::default(), None).await);
        assert_eq!(failure.reason, Reason::UnexpectedResponse);
        assert!(failure.message.contains(says), "{failure}");
    }
}

#[tokio::test]
async fn a_cursor_that_is_not_this_lists_is_refused() {
    let bench = Bench::start().await;
    for cursor in ["", "next", "-1", "10001", "after:"] {
        let outcome = bench.account.list(&Filter::default(), Some(cursor)).await;
        assert_eq!(problem(outcome), ("/cursor".to_owned(), Problem::Format), "{cursor:?}");
    }
    assert_eq!(bench.lines_since(0), [""; 0]);
}

#[tokio::test]
async fn no_attribute_selects_a_list() {
    let bench = Bench::start().await;
    let attributes = keywright_tests::object(json!({"name": "ci"}));
    let outcome = bench.account.list(&Filter { attributes, ..Filter::default() }, None).await;
    assert_eq!(problem(outcome), ("/filter/attributes/name".to_owned(), Problem::Constraint));
}

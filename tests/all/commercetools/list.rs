//! Lists.

use std::collections::HashSet;

use keywright_runtime::{CreateRequest, Filter, Problem};
use keywright_tests::CommercetoolsBench as Bench;

use crate::outcome::problem;

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
    let attributes = keywright_tests::object(serde_json::json!({"name": "ci"}));
    let outcome = bench.account.list(&Filter { attributes, ..Filter::default() }, None).await;
    assert_eq!(problem(outcome), ("/filter/name".to_owned(), Problem::Constraint));
}

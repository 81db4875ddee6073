//! Lists.

use std::collections::HashSet;

use keywright_runtime::{Filter, Problem, Quota, Reason, UnreadableItem};
use keywright_tests::{Arrived, Reply, SpacesBench as Bench, object};
use serde_json::json;

use super::scripted::{ID, always, answering, key};
use crate::outcome::{problem, reason};

/// More requests in a minute than DigitalOcean takes.
async fn bench() -> Bench {
    Bench::builder().option("quota", 1000).option("burst-limit", 0).start().await
}

#[tokio::test]
async fn each_of_many_keys_is_listed_once_and_the_oldest_first() {
    let bench = bench().await;
    let mut made = Vec::new();
    for number in 0..410 {
        made.push(bench.key_with(&format!("key {number}"), &json!([])).await.credential.id);
    }
    let mark = bench.mark();
    let listed: Vec<String> =
        bench.account.list_all(&Filter::default()).await.unwrap().into_iter().map(|key| key.id).collect();
    assert_eq!(listed.iter().collect::<HashSet<_>>(), made.iter().collect());
    assert_eq!((listed.len(), &listed[0]), (410, &made[0]));
    for (request, page) in bench.since(mark).iter().zip(["page=1", "page=2", "page=3"]) {
        let query: HashSet<&str> = request.query.as_deref().unwrap().split('&').collect();
        assert_eq!(query, HashSet::from([page, "per_page=200", "sort=created_at", "sort_direction=asc"]));
    }
    assert_eq!(bench.methods_since(mark), ["GET"; 3]);
}

#[tokio::test]
async fn a_full_last_page_is_followed_by_no_other() {
    let bench = bench().await;
    for _ in 0..200 {
        bench.key_with("ci", &json!([])).await;
    }
    let page = bench.account.list(&Filter::default(), None).await.unwrap();
    assert_eq!((page.credentials.len(), page.next), (200, None));
    assert_eq!(page.quota, Some(Quota { limit: None, used: Some(200) }));
}

#[tokio::test]
async fn a_key_that_is_made_between_two_pages_moves_no_other() {
    let bench = bench().await;
    for _ in 0..250 {
        bench.key_with("ci", &json!([])).await;
    }
    let first = bench.account.list(&Filter::default(), None).await.unwrap();
    bench.key("late").await;
    let second = bench.account.list(&Filter::default(), first.next.as_deref()).await.unwrap();
    assert_eq!((second.credentials.len(), second.next), (51, None));
    let ids: HashSet<_> = first.credentials.iter().chain(&second.credentials).map(|key| &key.id).collect();
    assert_eq!(ids.len(), 251);
}

#[tokio::test]
async fn a_list_can_be_of_one_marker_and_takes_it_at_its_word() {
    for matching in ["exact", "substring"] {
        let bench = Bench::builder().option("name-filter", matching).start().await;
        for marker in ["g1", "g10", "g1.old"] {
            bench.account.create(&bench.marked_creation("ci", marker)).await.unwrap();
        }
        bench.key("[keywright:g1] is only mentioned").await;
        let marked = bench.marked("g1").await;
        assert_eq!((marked.len(), marked[0].marker.as_deref()), (1, Some("g1")), "{matching}");
        assert_eq!(bench.marked("g2").await, []);
    }
}

#[tokio::test]
async fn what_cannot_select_a_list_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for (attributes, name, kind) in [
        (json!({"name": "ci"}), "name", Problem::Constraint),
        (json!({"bucket": "photos"}), "bucket", Problem::Unknown),
    ] {
        let filter = Filter { attributes: object(attributes), ..Filter::default() };
        let outcome = bench.account.list(&filter, None).await;
        assert_eq!(problem(outcome), (format!("/filter/attributes/{name}"), kind));
    }
    for cursor in ["", "0", "1", "-2", "x", "2:200", "10001", "page=2"] {
        let outcome = bench.account.list(&Filter::default(), Some(cursor)).await;
        assert_eq!(problem(outcome), ("/cursor".to_owned(), Problem::Format), "{cursor:?}");
    }
    assert_eq!(bench.mark(), 0);
}

#[tokio::test]
async fn a_key_that_cannot_be_read_is_reported_and_spoils_no_page() {
    let mut nameless = key();
    nameless["access_key"] = json!(null);
    let (_vendor, account) = always(Reply::json(200, &json!({"keys": [nameless, key(), 7]}))).await;
    let page = account.list(&Filter::default(), None).await.unwrap();
    assert_eq!(page.credentials.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), [ID]);
    let unreadable = UnreadableItem { id: None, message: "it has no access_key".to_owned() };
    assert_eq!(page.unreadable, [unreadable.clone(), unreadable]);
}

/// The address in a link is an answer's, and is not followed.
#[tokio::test]
async fn a_link_only_says_that_there_is_one_more_page() {
    fn page_of(request: &Arrived) -> u32 {
        let query = request.query.as_deref().unwrap_or_default();
        query.split('&').find_map(|pair| pair.strip_prefix("page=")).unwrap().parse().unwrap()
    }
    let (vendor, account) = answering(|request| {
        let page = page_of(request);
        let mut key = key();
        key["access_key"] = json!(format!("{ID}{page}"));
        let links = match page {
            1 | 2 => json!({"pages": {"next": "https://elsewhere.example.com/v2/spaces/keys?page=9", "last": "x"}}),
            _ => json!({"pages": {"first": "x", "prev": "x"}}),
        };
        Reply::json(200, &json!({"keys": [key], "links": links}))
    })
    .await;
    assert_eq!(account.list_all(&Filter::default()).await.unwrap().len(), 3);
    assert_eq!(vendor.arrived().iter().map(page_of).collect::<Vec<_>>(), [1, 2, 3]);
}

/// An empty page ends a list, whatever it says.
#[tokio::test]
async fn a_list_that_promises_more_and_gives_none_ends() {
    let links = json!({"pages": {"next": "https://api.digitalocean.com/v2/spaces/keys?page=2"}});
    let (vendor, account) =
        always(Reply::json(200, &json!({"keys": [], "links": links, "meta": {"total": 900}}))).await;
    assert_eq!(account.list_all(&Filter::default()).await.unwrap(), []);
    assert_eq!(vendor.arrived().len(), 1);
}

/// A list proves absence, so what is not a list must not pass for an empty one.
#[tokio::test]
async fn what_is_not_a_list_is_no_empty_list() {
    for body in [json!({}), json!({"keys": null}), json!({"keys": {}}), json!([]), json!({"key": key()})] {
        let (_vendor, account) = always(Reply::json(200, &body)).await;
        assert_eq!(reason(account.list_all(&Filter::default()).await), Reason::UnexpectedResponse, "{body}");
    }
}

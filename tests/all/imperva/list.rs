//! Lists.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use keywright_runtime::{CreateRequest, Filter, Problem, Quota, Reason, UnreadableItem};
use keywright_tests::{ImpervaBench as Bench, Reply, object};
use serde_json::{Value, json};

use super::{ID, envelope, scripted, told};
use crate::outcome::{failure, problem, reason};

fn by_attributes(attributes: Value) -> Filter {
    Filter { attributes: object(attributes), ..Filter::default() }
}

/// Makes so many API clients, and tells the ids of all there are.
async fn filled(bench: &Bench, count: usize) -> HashSet<String> {
    let mut ids = HashSet::from([bench.own("api_id")]);
    for number in 0..count {
        ids.insert(bench.client(&format!("client {number}")).await.credential.id);
    }
    ids
}

#[tokio::test]
async fn each_of_many_is_listed_once_wherever_pages_begin() {
    for (first, size, pages) in [(0, 50, 3), (1, 50, 3), (0, 100, 2), (1, 7, 19)] {
        let bench = Bench::builder().option("quota", 500).option("first-page", first).option("page-size", size);
        let bench = bench.start().await;
        let made = filled(&bench, 129).await;
        let mark = bench.mark();
        let listed = bench.account.list_all(&Filter::default()).await.unwrap();
        assert_eq!(listed.len(), 130);
        assert_eq!(listed.into_iter().map(|client| client.id).collect::<HashSet<_>>(), made);
        assert_eq!(bench.methods_since(mark), vec!["GET"; pages], "{first} {size}");
        assert_eq!(bench.since(mark)[0].query, None, "the first request names no page");
    }
}

#[tokio::test]
async fn a_full_last_page_is_followed_by_no_other() {
    let bench = Bench::builder().option("quota", 500).start().await;
    filled(&bench, 49).await;
    let page = bench.account.list(&Filter::default(), None).await.unwrap();
    assert_eq!((page.credentials.len(), page.next), (50, None));
}

/// What nobody can turn to is not passed over in silence.
#[tokio::test]
async fn a_list_whose_pages_cannot_be_turned_fails_and_says_so() {
    for paging in ["ignore", "refuse"] {
        let bench =
            Bench::builder().option("quota", 500).option("paging", paging).option("page-size", 10).start().await;
        filled(&bench, 10).await;
        let failure = failure(bench.account.list_all(&Filter::default()).await);
        match paging {
            "ignore" => {
                assert_eq!(failure.reason, Reason::Vendor { code: "paging".to_owned() });
                assert!(failure.message.contains("counts 11 API clients, shows 10"), "{failure}");
            }
            _ => assert_eq!(failure.reason, Reason::Vendor { code: "400".to_owned() }),
        }
        // One page is whole.
        let filter = by_attributes(json!({"user_email": "jo@example.com"}));
        bench.client_with("Jo's", json!({"user_email": "jo@example.com"})).await;
        assert_eq!(bench.account.list_all(&filter).await.unwrap().len(), 1);
    }
}

/// The total may count what the caller is not shown: the list ends all the same.
#[tokio::test]
async fn a_total_that_counts_more_than_is_shown_ends_no_list_too_late_or_too_soon() {
    for paging in ["honour", "ignore"] {
        for (own, size) in [(3, 50), (7, 4)] {
            if (paging, own) == ("ignore", 7) {
                continue;
            }
            let bench = Bench::builder().option("quota", 500).option("total", "account").option("paging", paging);
            let bench = bench.option("page-size", size).start().await;
            filled(&bench, 5).await;
            let jo = bench.client_with("Jo's", json!({"user_email": "jo@example.com"})).await;
            for number in 1..own {
                bench.client_with(&format!("{number}"), json!({"user_email": "jo@example.com"})).await;
            }
            let mark = bench.mark();
            let listed = bench.account_with(jo.parts).list_all(&Filter::default()).await.unwrap();
            assert_eq!(listed.len(), own, "{paging}");
            assert!(bench.since(mark).len() <= 4, "{paging}");
        }
    }
}

#[tokio::test]
async fn a_list_that_changes_while_it_is_read_is_to_be_read_again() {
    let bench = Bench::builder().option("quota", 500).option("page-size", 5).start().await;
    filled(&bench, 9).await;
    let first = bench.account.list(&Filter::default(), None).await.unwrap();
    bench.client("late").await;
    let outcome = bench.account.list(&Filter::default(), first.next.as_deref()).await;
    assert_eq!(reason(outcome), Reason::Unavailable);
    assert_eq!(bench.account.list_all(&Filter::default()).await.unwrap().len(), 11);
}

/// A page that never ends would be asked for until the host gives up; a page that says it is another is believed once.
#[tokio::test]
async fn no_vendor_makes_a_list_go_on_for_ever() {
    for meta in [
        json!({"total": 1_000_000, "pageNumber": 0, "pageSize": 2}),
        json!({"total": 1_000_000, "pageNumber": 0}),
        json!({"total": 1_000_000}),
        json!({"total": 1_000_000, "pageNumber": "0", "pageSize": "2"}),
        json!({"total": u64::MAX, "pageNumber": u64::MAX, "pageSize": u64::MAX}),
    ] {
        let mut other = told(Value::Null);
        other["id"] = json!(7);
        let mut answer = envelope(&[told(Value::Null), other]);
        answer["meta"] = meta;
        let (vendor, account) = scripted(move |_| Reply::json(200, &answer)).await;
        let _outcome = account.list_all(&Filter::default()).await;
        assert!(vendor.arrived().len() <= 2, "{}", vendor.arrived().len());
    }
    // The same page under every number that is asked for.
    let (vendor, account) = scripted(|arrived| {
        let query = arrived.query.clone().unwrap_or_default();
        let asked = query.split('&').find_map(|pair| pair.strip_prefix("pageNumber=")).unwrap_or("0");
        let mut answer = envelope(&[told(Value::Null)]);
        answer["meta"] = json!({"total": 1_000_000, "pageNumber": asked.parse::<u64>().unwrap(), "pageSize": 1});
        Reply::json(200, &answer)
    })
    .await;
    assert_eq!(reason(account.list_all(&Filter::default()).await), Reason::Vendor { code: "paging".to_owned() });
    assert_eq!(vendor.arrived().len(), 2);
}

#[tokio::test]
async fn a_page_that_is_empty_ends_the_list() {
    let turned = AtomicUsize::new(0);
    let (vendor, account) = scripted(move |_| {
        let number = turned.fetch_add(1, Ordering::SeqCst);
        let clients = if number == 0 { vec![told(Value::Null)] } else { vec![] };
        let mut answer = envelope(&clients);
        answer["meta"] = json!({"total": 9, "pageNumber": number, "pageSize": 1});
        Reply::json(200, &answer)
    })
    .await;
    assert_eq!(account.list_all(&Filter::default()).await.unwrap().len(), 1);
    assert_eq!(vendor.arrived().len(), 2);
}

#[tokio::test]
async fn an_answer_that_is_no_list_is_not_an_empty_one() {
    let mut without_total = envelope(&[]);
    without_total["meta"].as_object_mut().unwrap().remove("total");
    for (answer, says) in [
        (json!({}), "it is not a list of API clients"),
        (json!([]), "it is not a list of API clients"),
        (json!({"data": null, "meta": {"total": 0}}), "it is not a list of API clients"),
        (without_total, "it does not say how many API clients there are"),
    ] {
        let (_vendor, account) = scripted({
            let answer = answer.clone();
            move |_| Reply::json(200, &answer)
        })
        .await;
        let failure = failure(account.list(&Filter::default(), None).await);
        assert_eq!(failure.reason, Reason::UnexpectedResponse, "{answer}");
        assert!(failure.message.contains(says), "{failure}");
    }
}

/// One that nobody can name is reported, and spoils neither the page nor the count.
#[tokio::test]
async fn an_api_client_without_an_id_is_reported_and_the_others_are_listed() {
    for (id, total, more) in [(None, 2, false), (Some(Value::Null), 2, false), (Some(json!("a")), 3, true)] {
        let mut odd = told(Value::Null);
        match id {
            Some(id) => odd["id"] = id,
            None => drop(odd.as_object_mut().unwrap().remove("id")),
        }
        let mut answer = envelope(&[odd, told(Value::Null)]);
        answer["meta"] = json!({"total": total, "pageNumber": 0, "pageSize": 2});
        let (_vendor, account) = scripted(move |_| Reply::json(200, &answer)).await;
        // A filter does not hide it: whether it is wanted cannot be known.
        for filter in [Filter::default(), Filter { marker: Some("g2".to_owned()), ..Filter::default() }] {
            let page = account.list(&filter, None).await.unwrap();
            let ids: Vec<&str> = page.credentials.iter().map(|client| client.id.as_str()).collect();
            assert_eq!(ids, if filter.marker.is_none() { vec![ID] } else { vec![] });
            let reported = UnreadableItem { id: None, message: "it has no id of an API client".to_owned() };
            assert_eq!(page.unreadable, [reported]);
            assert_eq!(page.next.is_some(), more);
        }
    }
}

#[tokio::test]
async fn a_list_can_be_of_one_user_whether_imperva_selects_or_not() {
    for user_filter in ["honour", "ignore"] {
        let bench = Bench::builder().option("user-filter", user_filter).start().await;
        let id = bench.client_with("Jo's", json!({"user_email": "jo@example.com"})).await.credential.id;
        let ids = async |email: &str| -> Vec<String> {
            let filter = by_attributes(json!({"user_email": email}));
            bench.account.list_all(&filter).await.unwrap().into_iter().map(|client| client.id).collect()
        };
        assert_eq!(ids("jo@example.com").await, std::slice::from_ref(&id));
        assert_eq!(ids("JO@example.com").await, [id]);
        assert_eq!(ids("admin@example.com").await, [bench.own("api_id")]);
        assert_eq!(ids("nobody@example.com").await, [""; 0]);
    }
}

#[tokio::test]
async fn a_list_can_be_of_one_marker_and_takes_it_at_its_word() {
    let bench = Bench::builder().option("quota", 500).option("page-size", 3).start().await;
    for marker in ["g1", "g10", "g1.old"] {
        let creation = CreateRequest { marker: Some(marker.to_owned()), ..bench.creation("First", json!({})) };
        bench.account.create(&creation).await.unwrap();
    }
    filled(&bench, 5).await;
    let of_jo = bench.creation("Jo's", json!({"user_email": "jo@example.com"}));
    let of_jo =
        bench.account.create(&CreateRequest { marker: Some("g1".to_owned()), ..of_jo }).await.unwrap().credential;
    assert_eq!(bench.marked("g1").await.len(), 2);
    assert_eq!(bench.marked("g2").await, []);
    let attributes = object(json!({"user_email": "jo@example.com"}));
    let both = Filter { marker: Some("g1".to_owned()), attributes };
    assert_eq!(bench.account.list_all(&both).await.unwrap(), [of_jo]);
}

#[tokio::test]
async fn a_page_tells_the_quota_where_imperva_does() {
    let bench = Bench::builder().option("quota", 7).start().await;
    let page = bench.account.list(&Filter::default(), None).await.unwrap();
    assert_eq!(page.quota, Some(Quota { limit: Some(7), used: None }));
    let (_vendor, account) = scripted(|_| Reply::json(200, &json!({"meta": {"total": 0}, "data": []}))).await;
    assert_eq!(account.list(&Filter::default(), None).await.unwrap().quota, None);
}

#[tokio::test]
async fn an_expired_client_is_listed_where_imperva_shows_it() {
    use keywright_simulators::Vendor as _;
    for (shown, count) in [(true, 2), (false, 1)] {
        let bench = Bench::builder().option("expired-shown", shown).start().await;
        let expires_at = Some(chrono::Utc::now() + chrono::TimeDelta::hours(1));
        let creation = CreateRequest { expires_at, ..bench.creation("First", json!({})) };
        let id = bench.account.create(&creation).await.unwrap().credential.id;
        bench.vendor.clock().advance(std::time::Duration::from_secs(7_200));
        assert_eq!(bench.account.list_all(&Filter::default()).await.unwrap().len(), count);
        assert_eq!(bench.account.get(&id).await.unwrap().is_some(), shown);
    }
}

#[tokio::test]
async fn what_cannot_select_a_list_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for (attributes, pointer, kind) in [
        (json!({"name": "First"}), "/filter/attributes/name", Problem::Constraint),
        (json!({"owner": "x"}), "/filter/attributes/owner", Problem::Unknown),
        (json!({"user_email": "nobody"}), "/filter/attributes/user_email", Problem::Format),
        (json!({"account_id": "x"}), "/filter/attributes/account_id", Problem::Format),
    ] {
        let outcome = bench.account.list(&by_attributes(attributes), None).await;
        assert_eq!(problem(outcome), (pointer.to_owned(), kind));
    }
    for cursor in ["", "2", "1:2:3:4:5", "1:2:3:4:5:6:7", "1:2:3:4:5:2", "a:2:3:4:5:0", "-1:2:3:4:5:0"] {
        let outcome = bench.account.list(&Filter::default(), Some(cursor)).await;
        assert_eq!(problem(outcome), ("/cursor".to_owned(), Problem::Format), "{cursor:?}");
    }
    assert_eq!(bench.methods_since(0), [""; 0]);
}

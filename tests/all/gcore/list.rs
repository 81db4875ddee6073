//! Lists.

use keywright_runtime::{Filter, Problem, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{GcoreBench as Bench, object};
use serde_json::{Value, json};

use super::scripted::{always, token};
use crate::outcome::{problem, reason};

async fn names(bench: &Bench, attributes: Value) -> Vec<String> {
    let filter = Filter { marker: None, attributes: object(attributes) };
    let listed = bench.account.list_all(&filter).await.unwrap();
    listed.into_iter().map(|token| token.attributes["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_list_holds_every_token_on_one_page() {
    let bench = Bench::start().await;
    for _ in 0..60 {
        bench.vendor.issue_by_hand();
    }
    let page = bench.account.list(&Filter::default(), None).await.unwrap();
    assert_eq!((page.credentials.len(), page.next, page.quota), (61, None, None));
    assert_eq!(bench.methods_since(0), ["GET"]);
    assert_eq!(bench.since(0)[0].query, None);
}

#[tokio::test]
async fn a_list_is_filtered_by_what_the_tokens_say() {
    let bench = Bench::start().await;
    bench.token_of(5, "").await;
    bench.vendor.issue_by_hand();
    let own = "the administrator's own token";
    for (filter, expected) in [
        (json!({}), vec![own, "test", "made by hand"]),
        (json!({"role_id": 5}), vec!["test"]),
        (json!({"role_name": "Users"}), vec!["made by hand"]),
        (json!({"user_id": 1_023_101}), vec![own, "test"]),
        (json!({"user_id": 1_023_101, "role_id": 2}), vec![]),
        (json!({"name": "made by hand"}), vec!["made by hand"]),
        (json!({"name": "made"}), vec![]),
    ] {
        assert_eq!(names(&bench, filter.clone()).await, expected, "{filter}");
    }
    for request in bench.since(0) {
        assert_eq!(request.query, None, "the vendor's own filters are described in two ways");
    }
}

#[tokio::test]
async fn a_token_of_another_accounts_user_is_reported_as_get_has_it() {
    let mut other = token();
    other["client_user"]["client_id"] = json!(7);
    let (_vendor, account) = always(200, json!([other, token()])).await;
    let page = account.list(&Filter::default(), None).await.unwrap();
    assert_eq!((page.credentials.len(), page.unreadable.len()), (1, 1), "{page:?}");
    let id = page.unreadable[0].id.clone().unwrap();
    assert!(page.unreadable[0].message.contains("its user is of account 7"), "{page:?}");
    let (_vendor, account) = always(200, other).await;
    assert_eq!(reason(account.get(&id).await), Reason::UnexpectedResponse);
}

#[tokio::test]
async fn a_list_is_not_filtered_by_what_cannot_select_it() {
    let bench = Bench::start().await;
    let filter = Filter { marker: None, attributes: object(json!({"description": "x"})) };
    let outcome = bench.account.list(&filter, None).await;
    assert_eq!(problem(outcome), ("/filter/attributes/description".to_owned(), Problem::Constraint));
    assert_eq!(problem(bench.account.list(&Filter::default(), Some("2")).await).0, "/cursor");
    assert_eq!(bench.lines_since(0), [""; 0]);
}

/// Others are told of their own tokens only: what is missing from their lists may still be there.
#[tokio::test]
async fn a_caller_who_is_no_administrator_sees_its_own_tokens_only() {
    for foreign in ["not-found", "forbidden"] {
        let bench = Bench::builder().option("foreign-token", foreign).start().await;
        let of_colleague = bench.vendor.issue_by_hand();
        let engineer = bench.account_with(bench.token_of(5, "").await.parts);
        let listed = engineer.list_all(&Default::default()).await.unwrap();
        assert!(listed.len() == 2 && listed.iter().all(|token| token.id != of_colleague), "{foreign}");
        match foreign {
            "forbidden" => assert_eq!(reason(engineer.get(&of_colleague).await), Reason::Forbidden),
            _ => assert_eq!(engineer.get(&of_colleague).await.unwrap(), None),
        }
        assert!(bench.account.get(&of_colleague).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_list_that_is_none_is_not_empty() {
    for body in [json!({"results": []}), json!({}), json!(null)] {
        let (_vendor, account) = always(200, body.clone()).await;
        let outcome = account.list(&Filter::default(), None).await;
        assert_eq!(reason(outcome), Reason::UnexpectedResponse, "{body}");
    }
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_reported_and_hides_no_other() {
    let mut without_id = token();
    without_id["id"] = json!({});
    let (_vendor, account) = always(200, json!([7, token(), without_id])).await;
    let page = account.list(&Filter::default(), None).await.unwrap();
    assert_eq!((page.credentials.len(), page.unreadable.len()), (1, 2), "{page:?}");
}

#[tokio::test]
async fn a_list_leaves_out_what_is_gone() {
    let gone = |flag: &str| {
        let mut token = token();
        token["id"] = json!(1);
        token[flag] = json!(true);
        token
    };
    let (_vendor, account) = always(200, json!([gone("deleted"), token(), gone("expired")])).await;
    let page = account.list(&Filter::default(), None).await.unwrap();
    assert_eq!(page.credentials.len(), 1);
    assert_eq!(page.credentials[0].id, "9262944/768660");
}

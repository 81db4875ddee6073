//! Gcore's list of API tokens.

use http::Method;
use serde_json::Value;

use crate::gcore::Gcore;

const OWN: &str = "the administrator's own token";

#[tokio::test]
async fn a_list_is_a_bare_array_without_pages_in_the_order_of_creation() {
    let gcore = Gcore::start(&[]).await;
    gcore.create(5, Value::Null).await;
    gcore.simulator.vendor().issue_by_hand();
    for query in ["", "?limit=1&offset=2"] {
        assert_eq!(gcore.list(query).await, [OWN, "of role 5", "made by hand"]);
    }
    let listed = gcore.get(&gcore.tokens(1)).await.json();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.iter().map(|token| &token["name"]).collect::<Vec<_>>(), [OWN, "of role 5", "made by hand"]);
    assert!(listed.iter().all(|token| token.get("token").is_none()));
}

#[tokio::test]
async fn a_list_is_filtered_by_every_parameter() {
    for deleted_filter in ["as-described", "as-named"] {
        let gcore = Gcore::start(&[("after-delete", "flagged"), ("deleted-filter", deleted_filter)]).await;
        let made = gcore.create(5, Value::Null).await;
        gcore.delete(&made["id"]).await;
        gcore.simulator.vendor().issue_by_hand();
        let (live, deleted) = (vec![OWN, "made by hand"], vec!["of role 5"]);
        let (when_true, when_false) = if deleted_filter == "as-named" { (&deleted, &live) } else { (&live, &deleted) };
        for (query, expected) in [
            ("?role=1", &vec![OWN]),
            ("?role=Engineers", &deleted),
            ("?issued_by=1023102", &vec!["made by hand"]),
            ("?not_issued_by=1023102", &vec![OWN, "of role 5"]),
            ("?issued_by=7", &vec![]),
            ("?deleted=True", when_true),
            ("?deleted=true", when_true),
            ("?deleted=False", when_false),
            ("?role=Users&issued_by=1023101", &vec![]),
        ] {
            assert_eq!(gcore.list(query).await, *expected, "{deleted_filter} {query}");
        }
    }
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_refused() {
    let gcore = Gcore::start(&[]).await;
    for query in ["role=Rulers", "issued_by=jo", "not_issued_by=-1", "deleted=maybe", "rolle=1", "role=1&role=2"] {
        let answer = gcore.get(&format!("{}?{query}", gcore.tokens(2))).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.json()["errors"]["non_field_errors"][0].is_string(), "{query}");
    }
}

#[tokio::test]
async fn a_caller_who_is_no_administrator_sees_what_its_user_issued() {
    for (option, status) in [("not-found", 404), ("forbidden", 403)] {
        let gcore = Gcore::start(&[("foreign-token", option)]).await;
        let id = gcore.simulator.vendor().issue_by_hand();
        let foreign = format!("{}/{}", gcore.tokens(2), id.split_once('/').unwrap().1);
        let engineer = gcore.create(5, Value::Null).await;
        let engineer = engineer["token"].as_str().unwrap();
        let listed = gcore.send_as(engineer, Method::GET, &gcore.tokens(2), None).await.json();
        assert_eq!(listed.as_array().unwrap().len(), 2);
        for method in [Method::GET, Method::DELETE] {
            assert_eq!(gcore.send_as(engineer, method, &foreign, None).await.status, status);
        }
        assert_eq!(gcore.get(&foreign).await.status, 200);
    }
}

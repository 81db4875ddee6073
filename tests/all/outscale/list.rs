//! Lists.

use keywright_runtime::{CreateRequest, Filter, Problem, Reason};
use keywright_tests::{OutscaleBench as Bench, Reply, ScriptedVendor, object};
use serde_json::{Value, json};

use super::account_at;
use crate::outcome::{failure, problem};

fn by(attributes: Value) -> Filter {
    Filter { attributes: object(attributes), ..Filter::default() }
}

async fn ids(bench: &Bench, filter: &Filter) -> Vec<String> {
    bench.account.list_all(filter).await.unwrap().into_iter().map(|key| key.id).collect()
}

#[tokio::test]
async fn one_owners_keys_are_listed_with_one_request() {
    let bench = Bench::start().await;
    let (own, users) = (bench.own_key().await.credential, bench.key("a").await.credential);
    let mark = bench.mark();
    assert_eq!(ids(&bench, &by(json!({"user_name": bench.user()}))).await, [users.id.as_str()]);
    let signing = format!("{}/{}", bench.own("owner"), bench.own("access_key"));
    assert_eq!(ids(&bench, &by(json!({"user_name": ""}))).await, [signing, own.id]);
    assert_eq!(bench.calls_since(mark), ["ReadAccessKeys", "ReadAccessKeys"]);
    let outcome = bench.account.list(&by(json!({"user_name": "nobody"})), None).await;
    assert_eq!(problem(outcome), ("/filter/attributes/user_name".to_owned(), Problem::Constraint));
}

#[tokio::test]
async fn without_a_user_every_key_of_the_account_is_listed_once() {
    for administrator in ["root", "user"] {
        let bench = Bench::builder().option("administrator", administrator).start().await;
        let owner = bench.own("owner");
        let user_name = owner.split_once('/').map_or("", |(_, user_name)| user_name);
        let own = CreateRequest { attributes: object(json!({"user_name": user_name})), ..CreateRequest::default() };
        let own = bench.account.create(&own).await.unwrap().credential.id;
        assert!(own.starts_with(&format!("{owner}/")), "{own}");
        let mut expected = vec![format!("{owner}/{}", bench.own("access_key")), own];
        for number in 0..13 {
            let user = format!("user-{number}");
            bench.vendor.add_user(&user);
            let creation = CreateRequest { attributes: object(json!({"user_name": user})), ..CreateRequest::default() };
            expected.push(bench.account.create(&creation).await.unwrap().credential.id);
        }
        expected.push(bench.key("").await.credential.id);
        let mark = bench.mark();
        let mut listed = ids(&bench, &Filter::default()).await;
        expected.sort();
        listed.sort();
        assert_eq!(listed, expected, "{administrator}");
        let calls = bench.calls_since(mark);
        assert_eq!(calls.iter().filter(|call| *call == "ReadUsers").count(), 3);
    }
}

#[tokio::test]
async fn a_marker_is_found_whoever_owns_the_key() {
    let bench = Bench::start().await;
    let marked = |creation: CreateRequest, marker: &str| CreateRequest { marker: Some(marker.to_owned()), ..creation };
    let own = bench.account.create(&marked(CreateRequest::default(), "g1")).await.unwrap().credential;
    let users = bench.account.create(&marked(bench.creation("a"), "g1")).await.unwrap().credential;
    bench.account.create(&marked(bench.creation("b"), "g2")).await.unwrap();
    bench.key("[keywright:g1] is only mentioned").await;
    assert_eq!(bench.marked("g1").await, [own, users]);
}

#[tokio::test]
async fn keys_are_selected_by_their_state() {
    let bench = Bench::start().await;
    let (on, off) = (bench.key("").await.credential.id, bench.key("").await.credential.id);
    bench.account.set_enabled(&off, false).await.unwrap();
    let select = |state: &str| by(json!({"user_name": bench.user(), "state": state}));
    assert_eq!(ids(&bench, &select("ACTIVE")).await, [on]);
    assert_eq!(ids(&bench, &select("INACTIVE")).await, [off.as_str()]);
    assert_eq!(ids(&bench, &by(json!({"state": "INACTIVE"}))).await, [off]);
}

/// An administrator who may do less than the adapter asks is told what to do.
#[tokio::test]
async fn a_list_of_all_that_the_administrator_may_not_make_says_how_to_ask_for_less() {
    let vendor = ScriptedVendor::start(|request| match request.path.as_str() {
        "/api/v1/ReadAccessKeys" => Reply::json(200, &json!({"AccessKeys": []})),
        _ => Reply::json(401, &json!({"Errors": [{"Code": "7", "Type": "AccessDenied", "Details": "no"}]})),
    })
    .await;
    let account = account_at(&vendor).await;
    let refused = failure(account.list_all(&Filter::default()).await);
    assert_eq!(refused.reason, Reason::Forbidden);
    assert!(refused.message.contains("api:ReadUsers"), "{refused}");
    assert!(account.list_all(&by(json!({"user_name": ""}))).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_no_cursor_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for cursor in ["", "x", "x:", "-1:"] {
        let outcome = bench.account.list(&Filter::default(), Some(cursor)).await;
        assert_eq!(problem(outcome), ("/cursor".to_owned(), Problem::Format), "{cursor}");
    }
    assert_eq!(bench.calls_since(0), [""; 0]);
}

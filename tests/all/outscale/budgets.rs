//! How many requests each operation sends, and what is in them.

use std::collections::HashSet;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CallError, CreateRequest, ExpiryChange, Filter, UpdateRequest};
use keywright_simulators::Recorded;
use keywright_tests::{OutscaleBench as Bench, object};
use serde_json::{Value, json};

/// The calls that an operation makes, and what comes of it.
async fn sent<T>(bench: &Bench, call: impl Future<Output = Result<T, CallError>>) -> (String, T) {
    let mark = bench.mark();
    let outcome = call.await.expect("it works");
    let short = |call: String| call.replace("AccessKeys", "").replace("AccessKey", "");
    (bench.calls_since(mark).into_iter().map(short).collect::<Vec<_>>().join(" "), outcome)
}

#[tokio::test]
async fn each_operation_sends_what_it_promises_and_no_more() {
    let bench = Bench::start().await;
    let account = &bench.account;
    let (calls, issued) = sent(&bench, account.create(&bench.creation("old"))).await;
    assert_eq!(calls, "Create");
    let id = issued.credential.id.as_str();
    let inactive = CreateRequest {
        attributes: object(json!({"user_name": bench.user(), "state": "INACTIVE"})),
        ..CreateRequest::default()
    };
    let (calls, disabled) = sent(&bench, account.create(&inactive)).await;
    assert_eq!(calls, "Create Update");
    let change = |attributes: Value, expiry| UpdateRequest {
        attributes: object(attributes),
        marker: None,
        expiry,
        ..UpdateRequest::default()
    };
    let later = ExpiryChange::Set(Utc::now() + TimeDelta::days(1));
    let tag = change(json!({"tag": "new"}), ExpiryChange::Keep);
    let all = change(json!({"tag": "newer", "state": "ACTIVE"}), later);
    let of_user = Filter { attributes: object(json!({"user_name": bench.user()})), ..Filter::default() };
    assert_eq!(sent(&bench, account.check()).await.0, "Read ReadAccounts");
    assert_eq!(sent(&bench, account.get(id)).await.0, "Read");
    assert_eq!(sent(&bench, account.import(id)).await.0, "Read");
    assert_eq!(sent(&bench, account.list(&of_user, None)).await.0, "Read");
    assert_eq!(sent(&bench, account.list_all(&Filter::default())).await.0, "Read ReadUsers Read");
    assert_eq!(sent(&bench, account.update(id, &tag)).await.0, "Read Update");
    assert_eq!(sent(&bench, account.update(id, &all)).await.0, "Update");
    assert_eq!(sent(&bench, account.set_enabled(id, false)).await.0, "Read Update");
    assert_eq!(sent(&bench, account.set_enabled(id, true)).await.0, "Read Update");
    assert_eq!(sent(&bench, account.set_enabled(id, true)).await.0, "Read");
    assert_eq!(sent(&bench, account.verify(id, &issued.parts)).await.0, "Read");
    assert_eq!(sent(&bench, account.revoke(id)).await.0, "Read Update Delete");
    assert_eq!(sent(&bench, account.revoke(id)).await.0, "Read ReadAccounts");
    assert_eq!(sent(&bench, account.revoke(&disabled.credential.id)).await.0, "Read Delete");
    let own = bench.own_key().await.credential.id;
    assert_eq!(sent(&bench, account.revoke(&own)).await.0, "Delete");
    assert_eq!(sent(&bench, account.revoke(&own)).await.0, "Delete Read ReadAccounts");
}

/// One of each request that the adapter can send.
async fn everything(bench: &Bench) -> Vec<Recorded> {
    let mark = bench.mark();
    let issued = bench.account.create(&bench.creation("ci")).await.unwrap();
    let id = issued.credential.id.as_str();
    bench.account.check().await.unwrap();
    bench.account.list_all(&Filter::default()).await.unwrap();
    bench.account.verify(id, &issued.parts).await.unwrap();
    bench.account.revoke(id).await.unwrap();
    bench.since(mark)
}

#[tokio::test]
async fn requests_carry_the_headers_they_need_and_no_others() {
    let bench = Bench::start().await;
    for request in everything(&bench).await {
        let names: HashSet<&str> = request.headers.keys().map(|name| name.as_str()).collect();
        let expected = HashSet::from(["authorization", "x-osc-date", "content-type", "content-length"]);
        assert_eq!(names, expected, "{}", request.path);
        assert_eq!(request.headers["content-type"], "application/json");
        assert_eq!(request.headers["content-length"], request.body.len().to_string());
        assert!(serde_json::from_slice::<Value>(&request.body).unwrap().is_object());
    }
}

#[tokio::test]
async fn no_secret_is_in_any_request_and_no_public_call_is_made() {
    let bench = Bench::start().await;
    let secret = bench.own("secret_key");
    let own = bench.own("access_key");
    let requests = everything(&bench).await;
    let signed_by_own = requests
        .iter()
        .filter(|request| request.headers["authorization"].to_str().unwrap().contains(&format!("Credential={own}/")));
    // All but the verification, which is made with the new key.
    assert_eq!(signed_by_own.count(), requests.len() - 1);
    let known =
        ["CreateAccessKey", "ReadAccessKeys", "UpdateAccessKey", "DeleteAccessKey", "ReadAccounts", "ReadUsers"];
    for request in requests {
        let text = format!("{:?} {}", request.headers, String::from_utf8_lossy(&request.body));
        assert!(!text.contains(&secret), "{}", request.path);
        assert!(known.contains(&request.path.trim_start_matches("/api/v1/")), "{}", request.path);
    }
}

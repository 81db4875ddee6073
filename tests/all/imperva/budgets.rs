//! How many requests each operation sends, and what is in them.

use std::collections::HashSet;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CreateRequest, ExpiryChange, Filter, RegenerateRequest, UpdateRequest};
use keywright_simulators::Recorded;
use keywright_tests::{ImpervaBench as Bench, object};
use serde_json::{Value, json};

fn named(text: &str) -> UpdateRequest {
    UpdateRequest { attributes: object(json!({"name": text})), ..UpdateRequest::default() }
}

#[tokio::test]
async fn each_operation_sends_what_it_promises_and_no_more() {
    let bench = Bench::start().await;
    let account = &bench.account;
    let (methods, issued) = bench.sent(account.create(&bench.creation("First", json!({})))).await;
    assert_eq!(methods, "POST");
    let id = issued.credential.id.as_str();
    let later = ExpiryChange::Set(Utc::now() + TimeDelta::days(1));
    let with_expiry = UpdateRequest { expiry: later, ..named("Second") };
    assert_eq!(bench.sent(account.check()).await.0, "GET");
    assert_eq!(bench.sent(account.get(id)).await.0, "GET");
    assert_eq!(bench.sent(account.import(id)).await.0, "GET");
    assert_eq!(bench.sent(account.list(&Filter::default(), None)).await.0, "GET");
    assert_eq!(bench.sent(account.update(id, &named("Second"))).await.0, "PATCH");
    assert_eq!(bench.sent(account.update(id, &with_expiry)).await.0, "GET PATCH");
    assert_eq!(bench.sent(account.update(id, &UpdateRequest::default())).await.0, "GET");
    assert_eq!(bench.sent(account.verify(id, &issued.parts)).await.0, "GET");
    assert_eq!(bench.sent(account.set_enabled(id, false)).await.0, "PATCH");
    assert_eq!(bench.sent(account.regenerate(id, &RegenerateRequest::default())).await.0, "PATCH");
    assert_eq!(bench.sent(account.revoke(id)).await.0, "DELETE");
    assert_eq!(bench.sent(account.revoke(id)).await.0, "DELETE");
}

/// One of each request that the adapter can send.
async fn everything(bench: &Bench) -> Vec<Recorded> {
    let mark = bench.mark();
    let account = &bench.account;
    let marked = CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("First", json!({})) };
    let issued = account.create(&marked).await.unwrap();
    let id = issued.credential.id.as_str();
    account.check().await.unwrap();
    account.get(id).await.unwrap();
    let of_user = object(json!({"user_email": "admin@example.com", "account_id": bench.vendor.account_id()}));
    account.list_all(&Filter { marker: Some("g1".to_owned()), attributes: of_user }).await.unwrap();
    account.update(id, &named("Second")).await.unwrap();
    account.set_enabled(id, true).await.unwrap();
    account.verify(id, &issued.parts).await.unwrap();
    account.regenerate(id, &RegenerateRequest::default()).await.unwrap();
    account.revoke(id).await.unwrap();
    bench.since(mark)
}

#[tokio::test]
async fn requests_carry_the_headers_they_need_and_no_others() {
    let bench = Bench::start().await;
    let requests = everything(&bench).await;
    let operations: HashSet<_> = requests.iter().filter_map(|request| request.operation).collect();
    let known = ["create", "get", "list", "update", "set-enabled", "regenerate", "revoke"];
    assert_eq!(operations, HashSet::from(known));
    for request in requests {
        let line = format!("{} {}", request.method, request.path);
        let names: HashSet<&str> = request.headers.keys().map(|name| name.as_str()).collect();
        let expected: &[&str] = match request.method.as_str() {
            "GET" => &["x-api-id", "x-api-key"],
            "DELETE" => &["x-api-id", "x-api-key", "content-length"],
            _ => &["x-api-id", "x-api-key", "content-length", "content-type"],
        };
        assert_eq!(names, expected.iter().copied().collect(), "{line}");
        if let Some(kind) = request.headers.get("content-type") {
            assert_eq!(kind, "application/json");
            assert!(serde_json::from_slice::<Value>(&request.body).unwrap().is_object());
            assert_eq!(request.headers["content-length"], request.body.len().to_string().as_str(), "{line}");
        }
    }
}

#[tokio::test]
async fn the_administrators_key_is_in_its_header_and_nowhere_else() {
    let bench = Bench::start().await;
    let secret = bench.own("api_key");
    let requests = everything(&bench).await;
    let with_it = requests.iter().filter(|request| request.headers["x-api-key"] == secret.as_str()).count();
    // All but the verification, which is made with the API client's own.
    assert_eq!(with_it, requests.len() - 1);
    for request in requests {
        let elsewhere = request.headers.iter().filter(|(name, _)| *name != "x-api-key");
        let headers: String = elsewhere.map(|(_, value)| value.to_str().unwrap().to_owned()).collect();
        let body = String::from_utf8(request.body.to_vec()).unwrap();
        let rest = format!("{headers} {body} {} {:?}", request.path, request.query);
        assert!(!rest.contains(&secret), "{} {}", request.method, request.path);
    }
}

#[tokio::test]
async fn a_creation_sends_what_the_provider_would_send() {
    let bench = Bench::start().await;
    let expires_at = Utc::now() + TimeDelta::days(1);
    let creation = bench.creation("First", json!({"description": "Last"}));
    bench.account.create(&CreateRequest { expires_at: Some(expires_at), ..creation }).await.unwrap();
    let request = &bench.since(0)[0];
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let date = expires_at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let expected = json!({"name": "First", "description": "Last", "expirationDate": date, "enabled": true});
    assert_eq!((request.path.as_str(), &request.query, body), ("/authorization/v3/api-clients", &None, expected));
}

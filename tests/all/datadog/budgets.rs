//! How many requests each operation sends, and what is in them.

use std::collections::HashSet;

use keywright_runtime::{Filter, Parts, UpdateRequest};
use keywright_simulators::Recorded;
use keywright_tests::{DatadogBench as Bench, exposed, object};
use serde_json::{Value, json};

fn patch(attributes: Value) -> UpdateRequest {
    UpdateRequest { attributes: object(attributes), ..UpdateRequest::default() }
}

#[tokio::test]
async fn each_operation_sends_what_it_promises_and_no_more() {
    let bench = Bench::start().await;
    let account = &bench.account;
    let (methods, issued) = bench.sent(account.create(&bench.creation("old"))).await;
    assert_eq!(methods, "POST");
    let id = issued.credential.id.as_str();
    assert_eq!(bench.sent(account.check()).await.0, "GET GET");
    assert_eq!(bench.sent(account.get(id)).await.0, "GET");
    assert_eq!(bench.sent(account.import(id)).await.0, "GET");
    assert_eq!(bench.sent(account.list(&Filter::default(), None)).await.0, "GET");
    assert_eq!(bench.sent(account.update(id, &patch(json!({"name": "new"})))).await.0, "PATCH");
    assert_eq!(bench.sent(account.update(id, &patch(json!({"category": "agent"})))).await.0, "GET PATCH");
    assert_eq!(bench.sent(account.verify(id, &issued.parts)).await.0, "GET");
    assert_eq!(bench.sent(account.revoke(id)).await.0, "GET DELETE");
    assert_eq!(bench.sent(account.revoke(id)).await.0, "GET DELETE");
}

/// One of each request that the adapter can send.
async fn everything(bench: &Bench) -> Vec<Recorded> {
    let mark = bench.mark();
    let issued = bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap();
    let id = issued.credential.id.as_str();
    bench.account.check().await.unwrap();
    bench.account.get(id).await.unwrap();
    bench.account.list_all(&Filter { marker: Some("g1".to_owned()), ..Filter::default() }).await.unwrap();
    bench.account.update(id, &patch(json!({"category": "agent"}))).await.unwrap();
    bench.account.verify(id, &issued.parts).await.unwrap();
    bench.account.revoke(id).await.unwrap();
    bench.since(mark)
}

#[tokio::test]
async fn requests_carry_the_headers_they_need_and_no_others() {
    let bench = Bench::start().await;
    for request in everything(&bench).await {
        let names: HashSet<&str> = request.headers.keys().map(|name| name.as_str()).collect();
        let mut expected = HashSet::from(["dd-api-key"]);
        if !["/api/v1/validate", "/api/v2/validate"].contains(&request.path.as_str()) {
            expected.insert("dd-application-key");
        }
        match request.method.as_str() {
            "GET" => {}
            "DELETE" => drop(expected.insert("content-length")),
            _ => expected.extend(["content-length", "content-type"]),
        }
        assert_eq!(names, expected, "{} {}", request.method, request.path);
        if let Some(kind) = request.headers.get("content-type") {
            assert_eq!(kind, "application/json");
            assert!(serde_json::from_slice::<Value>(&request.body).unwrap().is_object());
        }
    }
}

#[tokio::test]
async fn a_request_says_how_long_its_body_is() {
    let bench = Bench::start().await;
    for request in everything(&bench).await {
        let line = format!("{} {}", request.method, request.path);
        assert!(!request.headers.contains_key("transfer-encoding"), "{line}");
        let length = request.headers.get("content-length").map(|length| length.to_str().unwrap().to_owned());
        match request.method.as_str() {
            "GET" => assert_eq!((length, request.body.len()), (None, 0), "{line}"),
            _ => assert_eq!(length, Some(request.body.len().to_string()), "{line}"),
        }
    }
}

#[tokio::test]
async fn the_administrators_keys_are_in_their_headers_and_nowhere_else() {
    let bench = Bench::start().await;
    let own = [("dd-api-key", bench.own("api_key")), ("dd-application-key", bench.own("application_key"))];
    for request in everything(&bench).await {
        let line = format!("{} {}", request.method, request.path);
        for (header, secret) in &own {
            let elsewhere = request.headers.iter().filter(|(name, _)| name.as_str() != *header);
            let headers: String = elsewhere.map(|(_, value)| value.to_str().unwrap().to_owned()).collect();
            let body = String::from_utf8(request.body.to_vec()).unwrap();
            let rest = format!("{headers} {body} {} {:?}", request.path, request.query);
            assert!(!rest.contains(secret), "{line}");
        }
        let verifies = request.path == "/api/v1/validate";
        assert_eq!(request.headers["dd-api-key"] == own[0].1.as_str(), !verifies, "{line}");
    }
}

#[tokio::test]
async fn an_issued_key_is_sent_without_the_application_key_and_in_no_path() {
    let bench = Bench::start().await;
    let issued = bench.key("ci").await;
    let key = exposed(&issued.parts, "api_key");
    let mark = bench.mark();
    bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
    let request = &bench.since(mark)[0];
    assert_eq!((request.path.as_str(), request.query.as_deref()), ("/api/v1/validate", None));
    assert_eq!(request.headers["dd-api-key"], key.as_str());
    assert!(!request.headers.contains_key("dd-application-key"));
}

#[tokio::test]
async fn bodies_hold_what_was_given_and_nothing_else() {
    let bench = Bench::start().await;
    let body = |request: &Recorded| serde_json::from_slice::<Value>(&request.body).unwrap();
    let id = bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap().credential.id;
    let expected = json!({"data": {"type": "api_keys", "attributes": {"name": "ci [keywright:g1]"}}});
    assert_eq!(body(&bench.since(0)[0]), expected);

    let mark = bench.mark();
    bench.account.update(&id, &patch(json!({"category": "agent"}))).await.unwrap();
    let attributes = json!({"name": "ci [keywright:g1]", "category": "agent"});
    let expected = json!({"data": {"type": "api_keys", "id": id, "attributes": attributes}});
    assert_eq!(body(&bench.since(mark)[1]), expected, "with the whole name");
}

#[tokio::test]
async fn accounts_share_no_connection() {
    let bench = Bench::start().await;
    let own = ["api_key", "application_key"].map(|part| (part, bench.own(part)));
    let other = bench.account_with(Parts::from_iter(own));
    bench.account.check().await.unwrap();
    other.check().await.unwrap();
    let requests = bench.since(0);
    assert_ne!(requests[0].connection, requests[requests.len() - 1].connection);
}

#[tokio::test]
async fn calls_share_a_connection() {
    let bench = Bench::start().await;
    let connections: HashSet<u64> = everything(&bench).await.iter().map(|request| request.connection).collect();
    assert_eq!(connections.len(), 1);
}

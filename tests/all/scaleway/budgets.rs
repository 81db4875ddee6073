//! How many requests each operation sends, and what is in them.

use std::collections::HashSet;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CreateRequest, ExpiryChange, Filter, Parts, UpdateRequest};
use keywright_simulators::Recorded;
use keywright_tests::{Reply, ScalewayBench as Bench, ScriptedVendor, object};
use serde_json::{Value, json};

fn described(text: &str) -> UpdateRequest {
    UpdateRequest { attributes: object(json!({"description": text})), ..UpdateRequest::default() }
}

#[tokio::test]
async fn each_operation_sends_what_it_promises_and_no_more() {
    let bench = Bench::start().await;
    let account = &bench.account;
    let (methods, issued) = bench.sent(account.create(&bench.creation("old"))).await;
    assert_eq!(methods, "POST");
    let id = issued.credential.id.as_str();
    let later = ExpiryChange::Set(Utc::now() + TimeDelta::days(1));
    let with_expiry = UpdateRequest { expiry: later, ..described("newer") };
    assert_eq!(bench.sent(account.check()).await.0, "GET GET");
    assert_eq!(bench.sent(account.get(id)).await.0, "GET");
    assert_eq!(bench.sent(account.import(id)).await.0, "GET");
    assert_eq!(bench.sent(account.list(&Filter::default(), None)).await.0, "GET");
    assert_eq!(bench.sent(account.update(id, &described("new"))).await.0, "PATCH");
    assert_eq!(bench.sent(account.update(id, &with_expiry)).await.0, "GET PATCH");
    assert_eq!(bench.sent(account.verify(id, &issued.parts)).await.0, "GET");
    assert_eq!(bench.sent(account.revoke(id)).await.0, "DELETE");
    assert_eq!(bench.sent(account.revoke(id)).await.0, "DELETE");
}

#[tokio::test]
async fn an_account_without_an_access_key_checks_with_one_request() {
    let bench = Bench::builder().without_part("access_key").start().await;
    bench.account.check().await.unwrap();
    assert_eq!(bench.methods_since(0), ["GET"]);
}

/// One of each request that the adapter can send.
async fn everything(bench: &Bench) -> Vec<Recorded> {
    let mark = bench.mark();
    let marked = CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("ci") };
    let issued = bench.account.create(&marked).await.unwrap();
    let id = issued.credential.id.as_str();
    bench.account.check().await.unwrap();
    bench.account.get(id).await.unwrap();
    let of_application = object(json!({"application_id": bench.application()}));
    bench.account.list_all(&Filter { marker: Some("g1".to_owned()), attributes: of_application }).await.unwrap();
    let expiry = ExpiryChange::Set(Utc::now() + TimeDelta::days(1));
    bench.account.update(id, &UpdateRequest { expiry, ..described("new") }).await.unwrap();
    bench.account.verify(id, &issued.parts).await.unwrap();
    bench.account.revoke(id).await.unwrap();
    bench.since(mark)
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

/// Over HTTP/1.1 a body without a length would be chunked, which some vendors refuse.
#[tokio::test]
async fn no_body_is_chunked_over_http1_either() {
    let vendor =
        ScriptedVendor::start(|_| Reply::json(400, &json!({"type": "invalid_arguments", "details": []}))).await;
    let adapter = Bench::built_in().load(keywright_tests::engine()).await.unwrap();
    let settings = object(json!({"organization_id": uuid::Uuid::new_v4()}));
    let account =
        vendor.account(&adapter, settings, Parts::from_iter([("secret_key", "11111111-2222-4333-8444-555555555555")]));
    let attributes = object(json!({"application_id": uuid::Uuid::new_v4()}));
    account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await.unwrap_err();
    account.update("SCWABSENT00000000000", &described("new")).await.unwrap_err();
    account.revoke("SCWABSENT00000000000").await.unwrap_err();
    let arrived = vendor.arrived();
    assert_eq!(arrived.len(), 3);
    for request in arrived {
        assert_eq!(request.header("content-length"), request.body.len().to_string(), "{}", request.line());
        assert_eq!(request.header("transfer-encoding"), "", "{}", request.line());
        assert_eq!(request.header("host"), vendor.authority());
    }
}

#[tokio::test]
async fn requests_carry_the_headers_they_need_and_no_others() {
    let bench = Bench::start().await;
    for request in everything(&bench).await {
        let names: HashSet<&str> = request.headers.keys().map(|name| name.as_str()).collect();
        let expected: &[&str] = match request.method.as_str() {
            "GET" => &["x-auth-token"],
            "DELETE" => &["x-auth-token", "content-length"],
            _ => &["x-auth-token", "content-length", "content-type"],
        };
        let expected: HashSet<&str> = expected.iter().copied().collect();
        assert_eq!(names, expected, "{} {}", request.method, request.path);
        if let Some(kind) = request.headers.get("content-type") {
            assert_eq!(kind, "application/json");
            assert!(serde_json::from_slice::<Value>(&request.body).unwrap().is_object());
        }
    }
}

#[tokio::test]
async fn the_administrators_secret_is_in_its_header_and_nowhere_else() {
    let bench = Bench::start().await;
    let secret = bench.own("secret_key");
    let requests = everything(&bench).await;
    let with_it = requests.iter().filter(|request| request.headers["x-auth-token"] == secret.as_str()).count();
    // All but the verification, which is made with the new key's own secret.
    assert_eq!(with_it, requests.len() - 1);
    for request in requests {
        let elsewhere = request.headers.iter().filter(|(name, _)| *name != "x-auth-token");
        let headers: String = elsewhere.map(|(_, value)| value.to_str().unwrap().to_owned()).collect();
        let body = String::from_utf8(request.body.to_vec()).unwrap();
        let rest = format!("{headers} {body} {} {:?}", request.path, request.query);
        assert!(!rest.contains(&secret), "{} {}", request.method, request.path);
    }
}

#[tokio::test]
async fn calls_share_a_connection() {
    let bench = Bench::start().await;
    let connections: HashSet<u64> = everything(&bench).await.iter().map(|request| request.connection).collect();
    assert_eq!(connections.len(), 1);
}

#[tokio::test]
async fn accounts_share_no_connection() {
    let bench = Bench::start().await;
    let other = bench.account_with(Parts::from_iter([("secret_key", bench.own("secret_key"))]));
    bench.account.check().await.unwrap();
    other.check().await.unwrap();
    let requests = bench.since(0);
    let (first, last) = (&requests[0], &requests[requests.len() - 1]);
    assert_ne!(first.connection, last.connection);
}

#[tokio::test]
async fn a_creation_sends_the_attributes_and_nothing_else() {
    let bench = Bench::start().await;
    let expires_at = Utc::now() + TimeDelta::days(1);
    let creation =
        CreateRequest { marker: Some("g1".to_owned()), expires_at: Some(expires_at), ..bench.creation("ci") };
    bench.account.create(&creation).await.unwrap();
    let mut body = object(serde_json::from_slice(&bench.since(0)[0].body).unwrap());
    let sent = body.remove("expires_at").unwrap();
    let sent = chrono::DateTime::parse_from_rfc3339(sent.as_str().unwrap()).unwrap();
    assert!((sent.to_utc() - expires_at).abs() < TimeDelta::milliseconds(1));
    let expected = json!({"application_id": bench.application(), "description": "ci [keywright:g1]"});
    assert_eq!(Value::Object(body), expected);

    let without = bench.mark();
    bench.key("").await;
    let body: Value = serde_json::from_slice(&bench.since(without)[0].body).unwrap();
    assert_eq!(body, json!({"application_id": bench.application(), "description": ""}));
}

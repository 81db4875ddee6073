//! How many requests each operation sends, and what is in them.

use std::collections::HashSet;

use keywright_runtime::{Filter, Parts};
use keywright_simulators::Recorded;
use keywright_tests::{SpacesBench as Bench, exposed};
use serde_json::{Value, json};

#[tokio::test]
async fn each_operation_sends_what_it_promises_and_no_more() {
    let bench = Bench::start().await;
    let account = &bench.account;
    let (methods, issued) = bench.sent(account.create(&bench.creation("old", &bench.reading()))).await;
    assert_eq!(methods, "POST");
    let id = issued.credential.id.as_str();
    assert_eq!(bench.sent(account.check()).await.0, "GET");
    assert_eq!(bench.sent(account.get(id)).await.0, "GET");
    assert_eq!(bench.sent(account.import(id)).await.0, "GET");
    assert_eq!(bench.sent(account.list(&Filter::default(), None)).await.0, "GET");
    assert_eq!(bench.sent(account.update(id, &bench.patch(json!({"name": "new"})))).await.0, "GET PUT");
    assert_eq!(bench.sent(account.update(id, &bench.patch(json!({"name": "new"})))).await.0, "GET");
    assert_eq!(bench.sent(account.verify(id, &issued.parts)).await.0, "GET");
    assert_eq!(bench.sent(account.revoke(id)).await.0, "DELETE");
    assert_eq!(bench.sent(account.revoke(id)).await.0, "DELETE");
}

/// One of each request that the adapter can send, and the secret of the key that they are about.
async fn everything(bench: &Bench) -> (Vec<Recorded>, String) {
    let mark = bench.mark();
    let issued = bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap();
    let id = issued.credential.id.as_str();
    bench.account.check().await.unwrap();
    bench.account.get(id).await.unwrap();
    bench.marked("g1").await;
    bench.account.update(id, &bench.patch(json!({"grants": []}))).await.unwrap();
    bench.account.verify(id, &issued.parts).await.unwrap();
    bench.account.revoke(id).await.unwrap();
    (bench.since(mark), exposed(&issued.parts, "secret_key"))
}

fn is_of_s3(request: &Recorded) -> bool {
    !request.path.starts_with("/v2/")
}

#[tokio::test]
async fn requests_carry_the_headers_they_need_and_no_others() {
    let bench = Bench::start().await;
    for request in everything(&bench).await.0 {
        let names: HashSet<&str> = request.headers.keys().map(|name| name.as_str()).collect();
        let mut expected = HashSet::from(["authorization"]);
        match request.method.as_str() {
            "GET" if is_of_s3(&request) => expected.extend(["x-amz-date", "x-amz-content-sha256"]),
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
    for request in everything(&bench).await.0 {
        let line = format!("{} {}", request.method, request.path);
        assert!(!request.headers.contains_key("transfer-encoding"), "{line}");
        let length = request.headers.get("content-length").map(|length| length.to_str().unwrap().to_owned());
        match request.method.as_str() {
            "GET" => assert_eq!((length, request.body.len()), (None, 0), "{line}"),
            _ => assert_eq!(length, Some(request.body.len().to_string()), "{line}"),
        }
    }
}

/// The token manages keys and signs nothing, a key signs and manages nothing.
#[tokio::test]
async fn each_credential_goes_to_its_own_endpoint_and_no_secret_key_is_sent() {
    let bench = Bench::start().await;
    let token = bench.own("token");
    let (requests, secret_key) = everything(&bench).await;
    assert_eq!(requests.iter().filter(|request| is_of_s3(request)).count(), 1);
    for request in requests {
        let line = format!("{} {}", request.method, request.path);
        let authorization = request.headers["authorization"].to_str().unwrap();
        assert_eq!(authorization == format!("Bearer {token}"), !is_of_s3(&request), "{line}");
        let elsewhere = request.headers.iter().filter(|(name, _)| *name != "authorization");
        let headers: String = elsewhere.map(|(_, value)| value.to_str().unwrap().to_owned()).collect();
        let body = String::from_utf8(request.body.to_vec()).unwrap();
        let rest = format!("{headers} {body} {} {:?}", request.path, request.query);
        assert!(!rest.contains(&token), "{line}");
        assert!(!format!("{authorization} {rest}").contains(&secret_key), "{line}");
    }
}

#[tokio::test]
async fn bodies_hold_the_name_and_the_grants_and_nothing_else() {
    let bench = Bench::start().await;
    let body = |request: &Recorded| serde_json::from_slice::<Value>(&request.body).unwrap();
    let id = bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap().credential.id;
    assert_eq!(body(&bench.since(0)[0]), json!({"name": "ci [keywright:g1]", "grants": bench.reading()}));
    let mark = bench.mark();
    bench.account.update(&id, &bench.patch(json!({"grants": []}))).await.unwrap();
    assert_eq!(body(&bench.since(mark)[1]), json!({"name": "ci [keywright:g1]", "grants": []}), "with the whole name");
}

#[tokio::test]
async fn accounts_share_no_connection() {
    let bench = Bench::start().await;
    let other = bench.account_with(Parts::from_iter([("token", bench.own("token"))]));
    bench.account.check().await.unwrap();
    other.check().await.unwrap();
    let requests = bench.since(0);
    assert_ne!(requests[0].connection, requests[requests.len() - 1].connection);
}

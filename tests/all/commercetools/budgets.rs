//! How many requests each operation sends, and what is in them.

use std::collections::HashSet;

use keywright_runtime::{CreateRequest, Filter};
use keywright_simulators::Recorded;
use keywright_tests::CommercetoolsBench as Bench;
use serde_json::json;

#[tokio::test]
async fn the_first_operation_gets_a_token_and_the_others_send_one_request() {
    let bench = Bench::start().await;
    let account = &bench.account;
    let (methods, issued) = bench.sent(account.create(&bench.creation("cold"))).await;
    assert_eq!(methods, "POST POST");
    let id = issued.credential.id.as_str();
    assert_eq!(bench.sent(account.create(&bench.creation("warm"))).await.0, "POST");
    assert_eq!(bench.sent(account.check()).await.0, "GET");
    assert_eq!(bench.sent(account.get(id)).await.0, "GET");
    assert_eq!(bench.sent(account.import(id)).await.0, "GET");
    assert_eq!(bench.sent(account.list(&Filter::default(), None)).await.0, "GET");
    // The new client's own token first.
    assert_eq!(bench.sent(account.verify(id, &issued.parts)).await.0, "POST GET");
    assert_eq!(bench.sent(account.revoke(id)).await.0, "DELETE");
    assert_eq!(bench.sent(account.revoke(id)).await.0, "DELETE");
    assert_eq!(bench.sent(account.get(id)).await.0, "GET");
}

/// One of each request that is sent.
async fn everything(bench: &Bench) -> Vec<Recorded> {
    let marked = CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("ci") };
    let issued = bench.account.create(&marked).await.unwrap();
    let id = issued.credential.id.as_str();
    bench.account.check().await.unwrap();
    bench.account.get(id).await.unwrap();
    bench.account.list_all(&Filter { marker: Some("g1".to_owned()), ..Filter::default() }).await.unwrap();
    bench.account.verify(id, &issued.parts).await.unwrap();
    bench.account.revoke(id).await.unwrap();
    bench.since(0)
}

#[tokio::test]
async fn requests_carry_the_headers_they_need_and_no_others() {
    let bench = Bench::start().await;
    for request in everything(&bench).await {
        let names: HashSet<&str> = request.headers.keys().map(|name| name.as_str()).collect();
        let expected: &[&str] = match (request.method.as_str(), request.path.as_str()) {
            ("GET", _) => &["authorization"],
            ("DELETE", _) => &["authorization", "content-length"],
            (_, "/oauth/token") => &["authorization", "content-length", "content-type", "accept"],
            _ => &["authorization", "content-length", "content-type"],
        };
        let line = format!("{} {}", request.method, request.path);
        assert_eq!(names, expected.iter().copied().collect(), "{line}");
        if let Some(length) = request.headers.get("content-length") {
            assert_eq!(length.to_str().unwrap(), request.body.len().to_string(), "{line}");
        }
    }
}

#[tokio::test]
async fn the_administrators_secret_goes_to_the_token_endpoint_and_nowhere_else() {
    let bench = Bench::start().await;
    let secret = bench.own("client_secret");
    for request in everything(&bench).await {
        let authorization = request.headers["authorization"].to_str().unwrap();
        let scheme = if request.path == "/oauth/token" { "Basic " } else { "Bearer " };
        assert!(authorization.starts_with(scheme), "{} {}", request.method, request.path);
        let told = format!("{authorization} {} {:?} {:?}", request.path, request.query, request.body);
        assert!(!told.contains(&secret), "{} {}", request.method, request.path);
    }
}

#[tokio::test]
async fn calls_share_a_connection() {
    let bench = Bench::start().await;
    let connections: HashSet<u64> = everything(&bench).await.iter().map(|request| request.connection).collect();
    assert_eq!(connections.len(), 1);
}

#[tokio::test]
async fn a_list_asks_for_full_pages_in_the_order_of_ids_and_for_no_total() {
    let bench = Bench::builder().option("clients", 200).start().await;
    bench.account.list_all(&Filter::default()).await.unwrap();
    let queries: Vec<_> = bench.since(1).into_iter().map(|request| request.query.unwrap()).collect();
    assert_eq!(
        queries,
        ["sort=id%20asc&limit=200&withTotal=false", "sort=id%20asc&limit=200&withTotal=false&offset=200"]
    );
}

#[tokio::test]
async fn the_hosts_are_the_regions_own_two_and_no_others() {
    let bench = Bench::start().await;
    let descriptor = serde_json::to_value(bench.account.adapter().descriptor()).unwrap();
    for rule in descriptor["rules"].as_array().unwrap() {
        let rule = rule.as_str().unwrap();
        let api = rule.contains(" https://api.{settings.region}.commercetools.com/{settings.project_key}/api-clients");
        let auth = rule == "authenticate POST https://auth.{settings.region}.commercetools.com/oauth/token?";
        assert!(api || auth, "{rule}");
        assert_eq!(rule.matches('?').count(), 1, "every rule names its query keys: {rule}");
    }
    assert_eq!(descriptor["operations"], json!(["check", "create", "get", "list", "verify", "revoke"]));
}

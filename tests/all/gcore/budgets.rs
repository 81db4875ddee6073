//! How many requests each operation sends, and what is in them.

use std::collections::HashSet;

use keywright_runtime::{CreateRequest, Filter};
use keywright_simulators::Recorded;
use keywright_tests::GcoreBench as Bench;
use serde_json::Value;

#[tokio::test]
async fn each_operation_sends_what_it_promises_and_no_more() {
    for (version, prefix) in [("v1", "/iam/clients"), ("v2", "/iam/v2/clients")] {
        let bench = Bench::builder().setting("api_version", version).start().await;
        let tokens = format!("{prefix}/{}/tokens", bench.client_id());
        let account = &bench.account;
        let mut marks = vec![bench.mark()];
        let issued = account.create(&bench.creation(2, "")).await.unwrap();
        let id = issued.credential.id.as_str();
        let token = format!("{tokens}/{}", id.split_once('/').unwrap().1);
        marks.push(bench.mark());
        account.check().await.unwrap();
        marks.push(bench.mark());
        account.get(id).await.unwrap();
        marks.push(bench.mark());
        account.list(&Filter::default(), None).await.unwrap();
        marks.push(bench.mark());
        account.verify(id, &issued.parts).await.unwrap();
        marks.push(bench.mark());
        account.revoke(id).await.unwrap();
        marks.push(bench.mark());
        account.revoke(id).await.unwrap();
        marks.push(bench.mark());
        let lines = bench.lines_since(0);
        let sent: Vec<String> = marks.windows(2).map(|pair| lines[pair[0]..pair[1]].join(", ")).collect();
        let expected = [
            format!("POST {tokens}"),
            format!("GET /iam/clients/me, GET {tokens}"),
            format!("GET {token}"),
            format!("GET {tokens}"),
            "GET /iam/clients/me".to_owned(),
            format!("DELETE {token}"),
            format!("DELETE {token}"),
        ];
        assert_eq!(sent, expected);
    }
}

/// One of each request that the adapter can send.
async fn everything(bench: &Bench) -> Vec<Recorded> {
    let marked = CreateRequest { marker: Some("g1".to_owned()), ..bench.creation(2, "ci") };
    let issued = bench.account.create(&marked).await.unwrap();
    let id = issued.credential.id.as_str();
    bench.account.check().await.unwrap();
    bench.account.get(id).await.unwrap();
    bench.marked("g1").await;
    bench.account.verify(id, &issued.parts).await.unwrap();
    bench.account.revoke(id).await.unwrap();
    bench.since(0)
}

#[tokio::test]
async fn requests_carry_the_headers_they_need_and_no_others() {
    let bench = Bench::start().await;
    for request in everything(&bench).await {
        let names: HashSet<&str> = request.headers.keys().map(|name| name.as_str()).collect();
        let expected: &[&str] = match request.method.as_str() {
            "GET" => &["authorization"],
            "DELETE" => &["authorization", "content-length"],
            _ => &["authorization", "content-length", "content-type"],
        };
        assert_eq!(names, expected.iter().copied().collect(), "{} {}", request.method, request.path);
        assert_eq!(request.query, None);
        match request.method.as_str() {
            "POST" => assert!(serde_json::from_slice::<Value>(&request.body).unwrap().is_object()),
            _ => assert!(request.body.is_empty()),
        }
    }
}

#[tokio::test]
async fn the_administrators_token_is_in_its_header_and_nowhere_else() {
    let bench = Bench::start().await;
    let secret = bench.own("token");
    let requests = everything(&bench).await;
    let expected = format!("APIKey {secret}");
    let with_it = requests.iter().filter(|request| request.headers["authorization"] == expected.as_str()).count();
    // All but the verification, which is made with the new token.
    assert_eq!(with_it, requests.len() - 1);
    for request in requests {
        let body = String::from_utf8(request.body.to_vec()).unwrap();
        assert!(!format!("{body} {} {:?}", request.path, request.query).contains(&secret));
    }
}

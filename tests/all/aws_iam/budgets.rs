//! How many requests each operation sends, and what is in them.

use std::collections::HashSet;

use keywright_runtime::{CallError, UpdateRequest};
use keywright_simulators::Recorded;
use keywright_tests::{AwsIamBench as Bench, object};
use serde_json::json;

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
    let (calls, issued) = sent(&bench, account.create(&bench.creation("Active"))).await;
    assert_eq!(calls, "Create");
    let id = issued.credential.id.as_str();
    let (calls, disabled) = sent(&bench, account.create(&bench.creation("Inactive"))).await;
    assert_eq!(calls, "Create Update");
    let change = |status: &str| UpdateRequest { attributes: object(json!({"status": status})), ..Default::default() };
    assert_eq!(sent(&bench, account.check()).await.0, "GetCallerIdentity GetLastUsed");
    assert_eq!(sent(&bench, account.get(id)).await.0, "List GetLastUsed");
    assert_eq!(sent(&bench, account.import(id)).await.0, "List GetLastUsed");
    assert_eq!(sent(&bench, account.list(&bench.of_user(), None)).await.0, "List");
    assert_eq!(sent(&bench, account.update(id, &change("Active"))).await.0, "List");
    assert_eq!(sent(&bench, account.update(id, &UpdateRequest::default())).await.0, "List");
    assert_eq!(sent(&bench, account.update(id, &change("Inactive"))).await.0, "List Update");
    assert_eq!(sent(&bench, account.set_enabled(id, true)).await.0, "List Update");
    assert_eq!(sent(&bench, account.set_enabled(id, true)).await.0, "List");
    assert_eq!(sent(&bench, account.verify(id, &issued.parts)).await.0, "GetCallerIdentity");
    assert_eq!(sent(&bench, account.revoke(id)).await.0, "Delete");
    assert_eq!(sent(&bench, account.revoke(id)).await.0, "Delete GetLastUsed");
    assert_eq!(sent(&bench, account.get(id)).await.0, "List");
    assert_eq!(sent(&bench, account.revoke(&disabled.credential.id)).await.0, "Delete");
}

#[tokio::test]
async fn a_key_on_a_later_page_takes_a_request_for_each_page() {
    let bench = Bench::builder().option("page-size", 1).start().await;
    bench.key().await;
    let second = bench.key().await.credential;
    assert_eq!(sent(&bench, bench.account.get(&second.id)).await, ("List List GetLastUsed".to_owned(), Some(second)));
}

/// One of each request that the adapter can send.
async fn everything(bench: &Bench) -> Vec<Recorded> {
    let mark = bench.mark();
    bench.account.check().await.unwrap();
    let issued = bench.account.create(&bench.creation("Inactive")).await.unwrap();
    let id = issued.credential.id.as_str();
    bench.account.set_enabled(id, true).await.unwrap();
    bench.account.verify(id, &issued.parts).await.unwrap();
    bench.account.get(id).await.unwrap();
    bench.account.revoke(id).await.unwrap();
    bench.since(mark)
}

#[tokio::test]
async fn requests_carry_the_headers_they_need_and_no_others() {
    let bench = Bench::start().await;
    for request in everything(&bench).await {
        let names: HashSet<&str> = request.headers.keys().map(|name| name.as_str()).collect();
        let expected = HashSet::from(["authorization", "x-amz-date", "content-type", "content-length"]);
        assert_eq!(names, expected, "{request:?}");
        assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
        assert_eq!(request.headers["content-length"], request.body.len().to_string());
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/"));
    }
}

/// Without a user's name AWS would take the caller's own.
#[tokio::test]
async fn every_call_that_takes_a_user_names_one() {
    let bench = Bench::start().await;
    let mark = bench.mark();
    everything(&bench).await;
    let mut named = HashSet::new();
    for form in bench.forms_since(mark) {
        let of = |wanted: &str| form.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        let action = of("Action").unwrap();
        match action.as_str() {
            "GetAccessKeyLastUsed" | "GetCallerIdentity" => assert_eq!(of("UserName"), None),
            _ => {
                assert_eq!(of("UserName"), Some(bench.user()), "{action}");
                named.insert(action);
            }
        }
    }
    assert_eq!(named.len(), 4, "{named:?}");
}

#[tokio::test]
async fn no_secret_is_in_any_request_and_each_is_signed_for_its_service() {
    let bench = Bench::start().await;
    let (own, secret) = (bench.own("access_key_id"), bench.own("secret_access_key"));
    let mark = bench.mark();
    let requests = everything(&bench).await;
    let mut by_own = 0;
    for (request, call) in requests.iter().zip(bench.calls_since(mark)) {
        let text = format!("{:?} {}", request.headers, String::from_utf8_lossy(&request.body));
        assert!(!text.contains(&secret), "{call}");
        let service = if call == "GetCallerIdentity" { "sts" } else { "iam" };
        assert!(text.contains(&format!("/us-east-1/{service}/aws4_request")), "{call}: {text}");
        by_own += usize::from(text.contains(&format!("Credential={own}/")));
    }
    // All but the verification, which is made with the new key.
    assert_eq!(by_own, requests.len() - 1);
}

//! Whether a client works, asked with the client itself.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CreateRequest, Outcome, Parts, Problem, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{CommercetoolsBench as Bench, Reply, ScriptedVendor, engine, exposed, object};
use serde_json::json;

use crate::outcome::{problem, reason};

fn parts(id: &str, secret: &str) -> Parts {
    Parts::from_iter([("client_id", id), ("client_secret", secret)])
}

#[tokio::test]
async fn a_client_that_may_not_read_itself_is_live() {
    let bench = Bench::start().await;
    let issued = bench.client("ci").await;
    let mark = bench.mark();
    let verdict = bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
    assert_eq!(verdict.outcome, Outcome::Active);
    assert!(verdict.explanation.contains("may not read itself"), "{}", verdict.explanation);
    let path = format!("{}/{}", bench.path(), issued.credential.id);
    assert_eq!(bench.lines_since(mark), ["POST /oauth/token".to_owned(), format!("GET {path}")]);
}

#[tokio::test]
async fn a_client_that_may_read_itself_is_live() {
    let bench = Bench::start().await;
    let mut creation = bench.creation("ci");
    creation.attributes.insert("scope".to_owned(), json!([bench.scope("view_api_clients")]));
    let issued = bench.account.create(&creation).await.unwrap();
    let verdict = bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
    assert_eq!(verdict.outcome, Outcome::Active);
    assert!(verdict.explanation.contains("showed it to itself"), "{}", verdict.explanation);
}

#[tokio::test]
async fn a_client_that_gets_no_token_is_refused() {
    let bench = Bench::start().await;
    let issued = bench.client("ci").await;
    let id = &issued.credential.id;
    let mark = bench.mark();
    let verdict = bench.account.verify(id, &parts(id, "wrong")).await.unwrap();
    assert_eq!(verdict.outcome, Outcome::Refused);
    assert!(verdict.explanation.contains("no access token"), "{}", verdict.explanation);
    assert_eq!(bench.lines_since(mark), ["POST /oauth/token"], "the answer is there before the API is asked");

    bench.account.revoke(id).await.unwrap();
    assert_eq!(bench.account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Refused);
}

#[tokio::test]
async fn a_client_past_its_end_is_refused() {
    let bench = Bench::start().await;
    let expires_at = Some(Utc::now() + TimeDelta::hours(1));
    let issued = bench.account.create(&CreateRequest { expires_at, ..bench.creation("ci") }).await.unwrap();
    let id = &issued.credential.id;
    assert_eq!(bench.account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Active);
    bench.vendor.clock().advance(Duration::from_secs(24 * 3600 + 1));
    assert_eq!(bench.account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Refused);
}

#[tokio::test]
async fn a_client_that_is_too_new_is_refused_until_it_is_known() {
    let bench = Bench::builder().option("new-client-delay", 5_000).start().await;
    let issued = bench.client("ci").await;
    let id = &issued.credential.id;
    assert_eq!(bench.account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Refused);
    bench.vendor.clock().advance(Duration::from_secs(6));
    assert_eq!(bench.account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Active);
}

/// Each verification asks for a token of its own: one that is at hand would prove what was.
#[tokio::test]
async fn tokens_that_outlive_their_client_do_not_prove_it_live() {
    for tokens in ["live", "die"] {
        let bench = Bench::builder().option("tokens-of-deleted", tokens).start().await;
        let issued = bench.client("ci").await;
        let id = &issued.credential.id;
        assert_eq!(bench.account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Active);
        bench.account.revoke(id).await.unwrap();
        assert_eq!(bench.account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Refused, "{tokens}");
    }
}

#[tokio::test]
async fn the_new_clients_secret_goes_to_the_token_endpoint_and_nowhere_else() {
    let bench = Bench::start().await;
    let issued = bench.client("ci").await;
    let secret = exposed(&issued.parts, "client_secret");
    let mark = bench.mark();
    bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
    let requests = bench.since(mark);
    assert_eq!(requests[0].body, "grant_type=client_credentials");
    for request in &requests {
        let told = format!("{} {:?} {:?}", request.path, request.query, request.body);
        assert!(!told.contains(&secret) && !told.contains(&bench.own("client_secret")));
    }
}

#[tokio::test]
async fn what_the_api_answers_to_a_good_token_decides() {
    let not_found = json!({
        "statusCode": 404, "message": "The Resource with ID 'x' was not found.",
        "errors": [{"code": "ResourceNotFound", "message": "The Resource with ID 'x' was not found."}],
    });
    let insufficient = json!({
        "statusCode": 403, "message": "Insufficient scope.", "error": "insufficient_scope",
        "errors": [{"code": "insufficient_scope", "message": "Insufficient scope."}],
    });
    let invalid = json!({
        "statusCode": 401, "message": "invalid_token", "error": "invalid_token",
        "errors": [{"code": "invalid_token", "message": "invalid_token"}],
    });
    for (status, body, expected) in [
        (200, json!({"id": "x", "name": "ci", "scope": "a:pk"}), Outcome::Active),
        (403, insufficient, Outcome::Active),
        (404, not_found, Outcome::Inconclusive),
        (401, invalid, Outcome::Refused),
    ] {
        let (_vendor, account) = Bench::scripted(move |_| Reply::json(status, &body)).await;
        let verdict = account.verify("x", &parts("x", "s")).await.unwrap();
        assert_eq!(verdict.outcome, expected, "{status}: {}", verdict.explanation);
    }
    for (reply, expected) in [
        (Reply::empty(404), None),
        (Reply::empty(403), Some(Reason::Forbidden)),
        (Reply::empty(500), Some(Reason::Unavailable)),
        (Reply::empty(429), Some(Reason::RateLimited)),
    ] {
        let status = reply.status;
        let (_vendor, account) = Bench::scripted(move |_| reply.clone()).await;
        match expected {
            None => {
                let verdict = account.verify("x", &parts("x", "s")).await.unwrap();
                assert_eq!(verdict.outcome, Outcome::Inconclusive);
            }
            Some(expected) => assert_eq!(reason(account.verify("x", &parts("x", "s")).await), expected, "{status}"),
        }
    }
}

/// A token endpoint that cannot answer says nothing of the client.
#[tokio::test]
async fn a_token_endpoint_that_fails_refuses_nobody() {
    for (status, body, expected) in [
        (500, "{}", Reason::Unavailable),
        (502, "<html>", Reason::Unavailable),
        (200, "<html>", Reason::Unavailable),
        (429, "", Reason::RateLimited),
    ] {
        let reply = Reply::new(status, "application/json", body);
        let vendor = ScriptedVendor::start(move |_| reply.clone()).await;
        let adapter = Bench::built_in().load(engine()).await.unwrap();
        let settings = object(json!({"project_key": "pk", "region": "europe-west1.gcp"}));
        let account = vendor.account(&adapter, settings, parts("administrator", "s3cr3t"));
        assert_eq!(reason(account.verify("x", &parts("x", "s")).await), expected, "{status} {body}");
        assert_eq!(vendor.lines(), ["POST /oauth/token"]);
    }
}

#[tokio::test]
async fn parts_of_another_client_prove_nothing() {
    let bench = Bench::start().await;
    let (one, other) = (bench.client("one").await, bench.client("other").await);
    let mark = bench.mark();
    let outcome = bench.account.verify(&one.credential.id, &other.parts).await;
    assert_eq!(problem(outcome), ("/id".to_owned(), Problem::Constraint));
    assert_eq!(bench.lines_since(mark), [""; 0]);
}

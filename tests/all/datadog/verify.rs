//! Whether a key works.

use std::time::Duration;

use keywright_runtime::{CallError, Outcome, Parts, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{DatadogBench as Bench, Reply};
use serde_json::json;

use super::scripted::{ID, KEY, always, error};
use crate::outcome::{failure, found, reason};

async fn outcome(bench: &Bench, id: &str, parts: &Parts) -> Outcome {
    bench.account.verify(id, parts).await.expect("a verdict").outcome
}

#[tokio::test]
async fn a_key_is_active_until_it_is_deleted() {
    for form in ["plain", "verbose"] {
        let bench = Bench::builder().option("forbidden-form", form).start().await;
        let issued = bench.key("ci").await;
        assert_eq!(outcome(&bench, &issued.credential.id, &issued.parts).await, Outcome::Active);
        bench.account.revoke(&issued.credential.id).await.unwrap();
        let verdict = bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
        assert_eq!(verdict.outcome, Outcome::Refused, "{form}");
        assert!(verdict.explanation.contains("too new"), "{}", verdict.explanation);
    }
}

#[tokio::test]
async fn a_key_that_is_too_new_is_refused_until_it_is_accepted() {
    let bench = Bench::builder().option("acceptance-delay", 60_000).start().await;
    let issued = bench.key("ci").await;
    assert_eq!(outcome(&bench, &issued.credential.id, &issued.parts).await, Outcome::Refused);
    let delay = bench.account.adapter().descriptor().traits.consistency_delay;
    bench.vendor.clock().advance(Duration::from_secs(delay.into()));
    assert_eq!(outcome(&bench, &issued.credential.id, &issued.parts).await, Outcome::Active);
}

#[tokio::test]
async fn a_key_that_was_just_deleted_may_still_be_accepted() {
    let bench = Bench::builder().option("revocation-delay", 60_000).start().await;
    let issued = bench.key("ci").await;
    bench.account.revoke(&issued.credential.id).await.unwrap();
    assert_eq!(outcome(&bench, &issued.credential.id, &issued.parts).await, Outcome::Active);
    bench.vendor.clock().advance(Duration::from_secs(60));
    assert_eq!(outcome(&bench, &issued.credential.id, &issued.parts).await, Outcome::Refused);
}

#[tokio::test]
async fn what_is_not_in_datadogs_words_proves_neither() {
    let key = Parts::from_iter([("api_key", KEY)]);
    for answer in [
        Reply::new(403, "text/html", "<html><title>403 Forbidden</title></html>"),
        Reply::empty(403),
        Reply::json(403, &json!({"message": "Forbidden"})),
        error(403, "API key required"),
        error(401, "Unauthorized"),
        error(404, "Not Found"),
        Reply::json(200, &json!({"valid": false})),
        Reply::json(200, &json!({})),
        Reply::new(200, "text/html", "<html>welcome</html>"),
    ] {
        let (_vendor, account) = always(answer.clone()).await;
        assert_eq!(account.verify(ID, &key).await.unwrap().outcome, Outcome::Inconclusive, "{answer:?}");
    }
}

#[tokio::test]
async fn a_page_of_the_edge_is_no_refusal_of_the_key() {
    let bench = Bench::builder().option("forbidden-form", "html").start().await;
    let parts = Parts::from_iter([("api_key", KEY)]);
    assert_eq!(outcome(&bench, ID, &parts).await, Outcome::Inconclusive);
}

#[tokio::test]
async fn trouble_on_the_way_is_no_verdict() {
    let bench = Bench::start().await;
    let issued = bench.key("ci").await;
    let verify = async || bench.account.verify(&issued.credential.id, &issued.parts).await;
    for fault in ["cut", "lose-answer", "bad-gateway", "server-error", "truncate"] {
        bench.fault(&format!("{fault}@verify*1"));
        assert_eq!(reason(verify().await), Reason::Unavailable, "{fault}");
    }
    bench.fault("rate-limit@verify*1");
    let failure = failure(verify().await);
    assert_eq!((failure.reason, failure.retry_after), (Reason::RateLimited, Some(1)));
    assert_eq!(verify().await.unwrap().outcome, Outcome::Active);
}

#[tokio::test]
async fn parts_that_are_not_a_key_cannot_be_verified_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for parts in [
        Parts::new(),
        Parts::from_iter([("api_key", "")]),
        Parts::from_iter([("api_key", KEY), ("application_key", "x")]),
    ] {
        let error = found(bench.account.verify(ID, &parts).await);
        assert!(matches!(error, CallError::Credential(_)), "{error:?}");
    }
    assert_eq!(bench.mark(), 0);
}

//! Whether a key works, and its end.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CallError, CreateRequest, Operation, Outcome, Parts, Reason, RegenerateRequest};
use keywright_simulators::Vendor as _;
use keywright_tests::{ScalewayBench as Bench, exposed};

use crate::outcome::{found, problem, reason};

async fn outcome(bench: &Bench, id: &str, parts: &Parts) -> Outcome {
    bench.account.verify(id, parts).await.expect("a verdict").outcome
}

#[tokio::test]
async fn a_key_that_may_read_itself_is_live() {
    let bench = Bench::start().await;
    bench.vendor.set_iam_rights(&bench.application(), true);
    let issued = bench.key("").await;
    let verdict = bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
    assert_eq!(verdict.outcome, Outcome::Active);
    assert!(verdict.explanation.contains("itself"), "{}", verdict.explanation);
}

#[tokio::test]
async fn a_key_without_any_right_in_iam_is_live_too() {
    let bench = Bench::start().await;
    let issued = bench.key("").await;
    let verdict = bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
    assert_eq!(verdict.outcome, Outcome::Active);
    assert!(verdict.explanation.contains("may not"), "{}", verdict.explanation);
}

#[tokio::test]
async fn a_key_is_verified_with_its_own_secret() {
    let bench = Bench::start().await;
    let issued = bench.key("").await;
    let mark = bench.mark();
    bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
    let request = &bench.since(mark)[0];
    assert_eq!(request.headers["x-auth-token"], exposed(&issued.parts, "secret_key").as_str());
    assert_eq!(request.path, format!("/iam/v1alpha1/api-keys/{}", issued.credential.id));
}

#[tokio::test]
async fn a_key_that_has_ended_is_refused() {
    let bench = Bench::start().await;
    let issued = bench.key("").await;
    bench.account.revoke(&issued.credential.id).await.unwrap();
    assert_eq!(outcome(&bench, &issued.credential.id, &issued.parts).await, Outcome::Refused);
}

#[tokio::test]
async fn a_key_past_its_expiry_is_refused() {
    let bench = Bench::start().await;
    let expires_at = Some(Utc::now() + TimeDelta::hours(1));
    let issued = bench.account.create(&CreateRequest { expires_at, ..bench.creation("") }).await.unwrap();
    assert_eq!(outcome(&bench, &issued.credential.id, &issued.parts).await, Outcome::Active);
    bench.vendor.clock().advance(Duration::from_secs(2 * 3600));
    assert_eq!(outcome(&bench, &issued.credential.id, &issued.parts).await, Outcome::Refused);
}

#[tokio::test]
async fn a_key_that_the_vendor_does_not_know_yet_is_refused_until_it_does() {
    let bench = Bench::builder().option("consistency-delay", 3_600_000).start().await;
    let issued = bench.key("").await;
    assert_eq!(outcome(&bench, &issued.credential.id, &issued.parts).await, Outcome::Refused);
    bench.vendor.clock().advance(Duration::from_secs(3601));
    assert_eq!(outcome(&bench, &issued.credential.id, &issued.parts).await, Outcome::Active);
}

#[tokio::test]
async fn a_secret_beside_an_access_key_that_does_not_exist_proves_nothing() {
    let bench = Bench::start().await;
    bench.vendor.set_iam_rights(&bench.application(), true);
    let secret = exposed(&bench.key("").await.parts, "secret_key");
    let absent = Parts::from_iter([("access_key", "SCWABSENT00000000000"), ("secret_key", secret.as_str())]);
    assert_eq!(outcome(&bench, "SCWABSENT00000000000", &absent).await, Outcome::Inconclusive);
}

/// A secret that may read IAM reads any key of its organisation: that it can read this one does not make it this one's.
#[tokio::test]
async fn the_parts_of_one_key_do_not_prove_another_and_nothing_is_sent() {
    let bench = Bench::start().await;
    bench.vendor.set_iam_rights(&bench.application(), true);
    let (one, other) = (bench.key("one").await, bench.key("other").await);
    let mark = bench.mark();
    assert_eq!(problem(bench.account.verify(&one.credential.id, &other.parts).await).0, "/id");
    assert_eq!(bench.methods_since(mark), [""; 0]);
}

#[tokio::test]
async fn trouble_on_the_way_is_no_verdict() {
    let bench = Bench::start().await;
    let issued = bench.key("").await;
    for fault in ["cut", "lose-answer", "bad-gateway", "html", "server-error", "truncate"] {
        bench.fault(&format!("{fault}@get*1"));
        let expected = if fault == "html" { Reason::UnexpectedResponse } else { Reason::Unavailable };
        assert_eq!(reason(bench.account.verify(&issued.credential.id, &issued.parts).await), expected, "{fault}");
    }
    bench.fault("rate-limit@get*1");
    assert_eq!(reason(bench.account.verify(&issued.credential.id, &issued.parts).await), Reason::RateLimited);
}

#[tokio::test]
async fn parts_without_a_secret_cannot_be_verified_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let mark = bench.mark();
    let id = ("access_key", "SCWABSENT00000000000");
    for (parts, part) in [
        (Parts::new(), "access_key"),
        (Parts::from_iter([id]), "secret_key"),
        (Parts::from_iter([id, ("secret_key", "")]), "secret_key"),
        (Parts::from_iter([id, ("secret_key", "not a UUID")]), "secret_key"),
        (Parts::from_iter([id, ("secret", "x")]), "secret"),
    ] {
        let error = found(bench.account.verify("SCWABSENT00000000000", &parts).await);
        assert!(matches!(error, CallError::Credential(_)), "{error:?}");
        assert!(error.to_string().contains(part), "{error}");
    }
    assert_eq!(bench.methods_since(mark), [""; 0]);
}

#[tokio::test]
async fn a_key_is_revoked_for_good_and_may_be_revoked_again() {
    let bench = Bench::start().await;
    let id = bench.key("").await.credential.id;
    bench.account.revoke(&id).await.unwrap();
    assert_eq!(bench.account.get(&id).await.unwrap(), None);
    bench.account.revoke(&id).await.unwrap();
}

#[tokio::test]
async fn the_accounts_own_key_is_not_revoked_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let mark = bench.mark();
    let error = found(bench.account.revoke(&bench.own("access_key")).await);
    assert!(matches!(&error, CallError::SelfRevocation { id } if *id == bench.own("access_key")), "{error:?}");
    assert_eq!(bench.methods_since(mark), [""; 0]);
    assert!(bench.account.check().await.is_ok());
}

#[tokio::test]
async fn operations_that_the_vendor_lacks_are_unsupported_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let id = bench.key("").await.credential.id;
    let mark = bench.mark();
    assert_eq!(reason(bench.account.set_enabled(&id, false).await), Reason::Unsupported);
    assert_eq!(reason(bench.account.regenerate(&id, &RegenerateRequest::default()).await), Reason::Unsupported);
    assert_eq!(bench.methods_since(mark), [""; 0]);
    let operations = &bench.account.adapter().descriptor().operations;
    assert!(!operations.contains(&Operation::SetEnabled) && !operations.contains(&Operation::Regenerate));
}

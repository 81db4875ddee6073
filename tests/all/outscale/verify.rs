//! Whether a key works: one request with its own secret, and never an answer that anybody would get.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CreateRequest, Outcome, Parts, Reason, Verdict};
use keywright_simulators::Vendor as _;
use keywright_tests::{OutscaleBench as Bench, exposed};
use serde_json::json;

use crate::outcome::{failure, reason};

async fn verdict(bench: &Bench, id: &str, parts: &Parts) -> Verdict {
    bench.account.verify(id, parts).await.expect("a verdict")
}

#[tokio::test]
async fn a_key_with_rights_and_one_without_are_live() {
    for code in ["4", "5", "7"] {
        let bench = Bench::builder().option("no-right", code).start().await;
        let issued = bench.key("").await;
        let without = verdict(&bench, &issued.credential.id, &issued.parts).await;
        assert_eq!(without.outcome, Outcome::Active, "{code}");
        assert!(without.explanation.contains("may not"), "{}", without.explanation);
        bench.vendor.set_rights(&bench.user(), true);
        let with = verdict(&bench, &issued.credential.id, &issued.parts).await;
        assert_eq!(with.outcome, Outcome::Active, "{code}");
        assert!(with.explanation.contains("itself"), "{}", with.explanation);
    }
}

#[tokio::test]
async fn a_key_is_asked_for_itself_once_with_its_own_secret_and_without_a_user() {
    let bench = Bench::start().await;
    let issued = bench.key("").await;
    let access_key = exposed(&issued.parts, "access_key");
    let mark = bench.mark();
    verdict(&bench, &issued.credential.id, &issued.parts).await;
    assert_eq!(bench.calls_since(mark), ["ReadAccessKeys"]);
    assert_eq!(bench.bodies_since(mark), [json!({"Filters": {"AccessKeyIds": [access_key]}})]);
    let signature = bench.since(mark)[0].headers["authorization"].to_str().unwrap().to_owned();
    assert!(signature.starts_with(&format!("OSC4-HMAC-SHA256 Credential={access_key}/")), "{signature}");
    assert!(signature.contains("/eu-west-2/api/osc4_request, SignedHeaders=content-type;host;x-osc-date, "));
}

#[tokio::test]
async fn a_key_that_is_inactive_expired_or_deleted_is_refused_until_it_is_active_again() {
    for dead in ["denied", "unknown"] {
        let bench = Bench::builder().option("dead-key", dead).start().await;
        let expires_at = Some(Utc::now() + TimeDelta::hours(1));
        let issued = bench.account.create(&CreateRequest { expires_at, ..bench.creation("") }).await.unwrap();
        let id = issued.credential.id.as_str();
        let outcome = async || verdict(&bench, id, &issued.parts).await.outcome;
        assert_eq!(outcome().await, Outcome::Active);
        bench.account.set_enabled(id, false).await.unwrap();
        assert_eq!(outcome().await, Outcome::Refused, "inactive: {dead}");
        bench.account.set_enabled(id, true).await.unwrap();
        assert_eq!(outcome().await, Outcome::Active);
        bench.vendor.clock().advance(Duration::from_secs(2 * 3600));
        assert_eq!(outcome().await, Outcome::Refused, "expired: {dead}");
        bench.account.revoke(id).await.unwrap();
        assert_eq!(outcome().await, Outcome::Refused, "deleted: {dead}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_refused_and_four_of_them_lock() {
    for lockout in ["key", "account"] {
        let bench = Bench::builder().option("lockout", lockout).start().await;
        let issued = bench.key("").await;
        let wrong =
            Parts::from_iter([("access_key", exposed(&issued.parts, "access_key")), ("secret_key", "0".repeat(40))]);
        for _ in 0..4 {
            let refused = verdict(&bench, &issued.credential.id, &wrong).await;
            assert_eq!(refused.outcome, Outcome::Refused);
            assert!(refused.explanation.contains("do not try again at once"), "{}", refused.explanation);
        }
        let locked = failure(bench.account.verify(&issued.credential.id, &issued.parts).await);
        assert_eq!((&locked.reason, locked.retry_after), (&Reason::RateLimited, Some(60)), "{lockout}");
        assert!(locked.message.contains("locked"), "{locked}");
        let administrator = bench.account.get(&issued.credential.id).await.map(|_| ());
        assert_eq!(administrator.is_err(), lockout == "account");
        bench.vendor.clock().advance(Duration::from_secs(60));
        assert_eq!(verdict(&bench, &issued.credential.id, &issued.parts).await.outcome, Outcome::Active, "{lockout}");
    }
}

#[tokio::test]
async fn where_access_rules_are_not_met_nothing_is_known_of_the_key() {
    let bench = Bench::builder().option("access-rules", "unmet").start().await;
    let parts = Parts::from_iter([("access_key", bench.own("access_key")), ("secret_key", bench.own("secret_key"))]);
    let id = format!("{}/{}", bench.own("owner"), bench.own("access_key"));
    let verdict = verdict(&bench, &id, &parts).await;
    assert_eq!(verdict.outcome, Outcome::Inconclusive);
    assert!(verdict.explanation.contains("access rules"), "{}", verdict.explanation);
    let refused = failure(bench.account.check().await);
    assert_eq!(refused.reason, Reason::Forbidden);
    assert!(refused.message.contains("client certificate"), "{refused}");
}

/// A 401 alone may be a bad key or a missing right.
#[tokio::test]
async fn a_gateway_that_names_no_code_proves_nothing() {
    for form in ["type", "problem"] {
        let bench = Bench::builder().option("error-form", form).start().await;
        let issued = bench.key("").await;
        let wrong =
            Parts::from_iter([("access_key", exposed(&issued.parts, "access_key")), ("secret_key", "0".repeat(40))]);
        assert_eq!(verdict(&bench, &issued.credential.id, &wrong).await.outcome, Outcome::Inconclusive, "{form}");
        let account = bench.account_with(wrong);
        let id = format!("{}/{}/AAAAAAAAAAAAAAAAAAAA", bench.vendor.account_id(), bench.user());
        let refused = failure(account.get(&id).await);
        assert_eq!(refused.reason, Reason::Unauthenticated, "{form}");
        assert!(refused.message.contains("The authentication failed."), "{form}: {refused}");
    }
}

#[tokio::test]
async fn parts_of_another_key_prove_nothing_and_are_not_asked_with() {
    let bench = Bench::start().await;
    let (one, other) = (bench.key("").await, bench.key("").await);
    let mark = bench.mark();
    let outcome = bench.account.verify(&one.credential.id, &other.parts).await;
    assert!(matches!(reason(outcome), Reason::Invalid { .. }));
    assert_eq!(bench.calls_since(mark), [""; 0]);
}

#[tokio::test]
async fn an_older_gateway_is_signed_for_with_aws4() {
    let bench = Bench::builder().setting("signature", "aws4").start().await;
    let mark = bench.mark();
    let issued = bench.key("").await;
    assert_eq!(verdict(&bench, &issued.credential.id, &issued.parts).await.outcome, Outcome::Active);
    for request in bench.since(mark) {
        let signature = request.headers["authorization"].to_str().unwrap();
        assert!(signature.starts_with("AWS4-HMAC-SHA256 "), "{signature}");
        assert!(request.headers.contains_key("x-amz-date") && !request.headers.contains_key("x-osc-date"));
    }
}

#[tokio::test]
async fn a_region_that_does_not_exist_makes_no_host() {
    let bench = Bench::start().await;
    for region in ["eu-west-9", "eu-west-2.example.com/", "", "eu-west-2@evil.example"] {
        let error = bench.account_at(json!({"region": region})).err().expect("no account");
        assert!(error.to_string().contains("/settings/region"), "{region}: {error}");
    }
    bench.account_at(json!({"region": "cloudgouv-eu-west-1"})).unwrap();
}

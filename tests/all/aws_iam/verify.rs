//! Whether a key works.

use std::time::Duration;

use keywright_runtime::{CallError, Outcome, Parts, Reason, Verdict};
use keywright_simulators::Vendor as _;
use keywright_tests::{AwsIamBench as Bench, exposed};

use crate::outcome::{found, problem, reason};

async fn verdict(bench: &Bench, id: &str, parts: &Parts) -> Verdict {
    bench.account.verify(id, parts).await.expect("a verdict")
}

#[tokio::test]
async fn a_key_works_although_its_user_has_no_rights() {
    let bench = Bench::start().await;
    let issued = bench.key().await;
    let mark = bench.mark();
    assert_eq!(verdict(&bench, &issued.credential.id, &issued.parts).await.outcome, Outcome::Active);
    assert_eq!(bench.calls_since(mark), ["GetCallerIdentity"]);
    let signed = bench.since(mark)[0].headers["authorization"].to_str().unwrap().to_owned();
    assert!(signed.contains(&format!("Credential={}/", exposed(&issued.parts, "access_key_id"))), "{signed}");
}

#[tokio::test]
async fn a_key_that_aws_does_not_know_everywhere_yet_is_refused_until_it_does() {
    let bench = Bench::builder().option("consistency-delay", 15_000).start().await;
    let issued = bench.key().await;
    assert_eq!(verdict(&bench, &issued.credential.id, &issued.parts).await.outcome, Outcome::Refused);
    bench.vendor.clock().advance(Duration::from_secs(16));
    assert_eq!(verdict(&bench, &issued.credential.id, &issued.parts).await.outcome, Outcome::Active);
}

#[tokio::test]
async fn a_key_that_was_switched_off_or_deleted_goes_on_for_a_while_and_is_then_refused() {
    let bench = Bench::builder().option("change-delay", 4_000).start().await;
    let issued = bench.key().await;
    let id = issued.credential.id.as_str();
    bench.account.set_enabled(id, false).await.unwrap();
    assert_eq!(verdict(&bench, id, &issued.parts).await.outcome, Outcome::Active);
    bench.vendor.clock().advance(Duration::from_secs(5));
    assert_eq!(verdict(&bench, id, &issued.parts).await.outcome, Outcome::Refused);
    bench.account.revoke(id).await.unwrap();
    bench.vendor.clock().advance(Duration::from_secs(5));
    assert_eq!(verdict(&bench, id, &issued.parts).await.outcome, Outcome::Refused);
}

#[tokio::test]
async fn a_wrong_secret_is_refused_when_the_clock_is_right() {
    let bench = Bench::start().await;
    let issued = bench.key().await;
    let mut wrong = issued.parts.clone();
    wrong.insert("secret_access_key", "0".repeat(40));
    let verdict = verdict(&bench, &issued.credential.id, &wrong).await;
    assert_eq!(verdict.outcome, Outcome::Refused);
    assert!(verdict.explanation.contains("not its secret"), "{}", verdict.explanation);
}

/// It has no code of its own.
#[tokio::test]
async fn a_clock_that_is_off_proves_nothing() {
    for offset in [-3600, 3600] {
        let bench = Bench::builder().option("clock-offset", offset).start().await;
        let (own, secret) = (bench.own("access_key_id"), bench.own("secret_access_key"));
        let parts = Parts::from_iter([("access_key_id", own.as_str()), ("secret_access_key", secret.as_str())]);
        let verdict = verdict(&bench, &format!("keywright-admin/{own}"), &parts).await;
        assert_eq!(verdict.outcome, Outcome::Inconclusive, "{offset}");
        assert!(verdict.explanation.contains("clock is off"), "{}", verdict.explanation);
    }
}

/// The call takes no right, so a policy of the endpoint or the organization stands in front.
#[tokio::test]
async fn a_policy_in_front_of_everything_proves_nothing() {
    let bench = Bench::builder().option("endpoint-policy", "deny").start().await;
    let (own, secret) = (bench.own("access_key_id"), bench.own("secret_access_key"));
    let parts = Parts::from_iter([("access_key_id", own.as_str()), ("secret_access_key", secret.as_str())]);
    assert_eq!(verdict(&bench, &format!("keywright-admin/{own}"), &parts).await.outcome, Outcome::Inconclusive);
}

#[tokio::test]
async fn a_key_that_is_not_the_users_is_not_taken_for_it() {
    let bench = Bench::start().await;
    let issued = bench.key().await;
    let id = format!("somebody/{}", exposed(&issued.parts, "access_key_id"));
    let verdict = verdict(&bench, &id, &issued.parts).await;
    assert_eq!(verdict.outcome, Outcome::Inconclusive);
    assert!(verdict.explanation.contains(&format!(":user/keywright/{}", bench.user())), "{}", verdict.explanation);
}

#[tokio::test]
async fn the_parts_of_one_key_do_not_prove_another_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let (one, other) = (bench.key().await, bench.key().await);
    let mark = bench.mark();
    assert_eq!(problem(bench.account.verify(&one.credential.id, &other.parts).await).0, "/id");
    let mut session = one.parts.clone();
    session.insert("session_token", "t");
    let error = found(bench.account.verify(&one.credential.id, &session).await);
    assert!(matches!(error, CallError::Credential(_)), "a key that was made has no token: {error:?}");
    assert_eq!(bench.calls_since(mark), [""; 0]);
}

#[tokio::test]
async fn trouble_on_the_way_is_no_verdict() {
    let bench = Bench::start().await;
    let issued = bench.key().await;
    for fault in ["cut", "lose-answer", "bad-gateway", "html", "server-error", "truncate"] {
        bench.fault(&format!("{fault}@verify*1"));
        let failed = reason(bench.account.verify(&issued.credential.id, &issued.parts).await);
        assert!(matches!(failed, Reason::Unavailable | Reason::UnexpectedResponse), "{fault}: {failed:?}");
    }
    bench.fault("rate-limit@verify*1");
    assert_eq!(reason(bench.account.verify(&issued.credential.id, &issued.parts).await), Reason::RateLimited);
}

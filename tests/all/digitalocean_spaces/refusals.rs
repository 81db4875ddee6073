//! What the vendor refuses, in terms to act on.

use keywright_runtime::{CallError, Problem, Quota, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{Reply, SpacesBench as Bench};
use serde_json::json;

use super::scripted::{ID, always, error};
use crate::outcome::{failure, problem, problems, reason};

#[tokio::test]
async fn a_full_account_is_a_quota_whatever_its_status() {
    for status in [400, 403, 412, 422] {
        let bench = Bench::builder().option("quota", 1).option("quota-answer", status).start().await;
        bench.key("fits").await;
        let failure = failure(bench.account.create(&bench.creation("one too many", &bench.reading())).await);
        assert_eq!(failure.reason, Reason::Quota(Quota::default()), "{status}");
        assert_eq!(failure.status, Some(status));
        assert!(failure.message.contains("limit of 1"), "{failure}");
    }
}

#[tokio::test]
async fn a_bucket_that_does_not_exist_is_refused_at_the_grants() {
    let bench = Bench::start().await;
    let grants = json!([{"bucket": "absent", "permission": "read"}]);
    let problems = problems(bench.account.create(&bench.creation("ci", &grants)).await);
    assert_eq!((&*problems[0].pointer, problems[0].problem), ("/attributes/grants", Problem::Constraint));
    assert!(problems[0].message.contains("absent"), "{}", problems[0].message);

    let id = bench.key("ci").await.credential.id;
    for change in [json!({"grants": grants}), json!({"name": "new", "grants": grants})] {
        let outcome = bench.account.update(&id, &bench.patch(change)).await;
        assert_eq!(problem(outcome), ("/attributes/grants".to_owned(), Problem::Constraint));
    }
    assert_eq!(bench.stored(&id).await.attributes["name"], "ci");

    let lenient = Bench::builder().option("unknown-bucket", "accept").start().await;
    assert_eq!(lenient.key_with("ci", &grants).await.credential.attributes["grants"], grants);
}

/// Its text speaks of a "limited" key, which is not a limit of keys.
#[tokio::test]
async fn a_bucket_with_a_policy_is_refused_at_the_grants_and_is_no_quota() {
    let bench = Bench::start().await;
    bench.vendor.set_bucket_policy(&bench.bucket(), true);
    let failure = failure(bench.account.create(&bench.creation("ci", &bench.reading())).await);
    assert_eq!(failure.status, Some(412));
    let Reason::Invalid { problems } = &failure.reason else { panic!("{failure:?}") };
    assert_eq!((&*problems[0].pointer, problems[0].problem), ("/attributes/grants", Problem::Constraint));
}

#[tokio::test]
async fn a_token_may_do_what_its_scopes_say_and_no_more() {
    let all = ["spaces_key:read", "spaces_key:create_credentials", "spaces_key:update", "spaces_key:delete"];
    for missing in all {
        let scopes = all.into_iter().filter(|scope| *scope != missing).collect::<Vec<_>>().join(",");
        let bench = Bench::builder().option("scopes", scopes).start().await;
        let id = bench.vendor.issue_by_hand();
        let forbidden = |outcome: Result<(), CallError>| match outcome {
            Ok(()) => false,
            outcome => {
                assert_eq!(reason(outcome), Reason::Forbidden, "{missing}");
                true
            }
        };
        let account = &bench.account;
        let created = account.create(&bench.creation("ci", &bench.reading())).await.map(drop);
        let read = account.get(&id).await.map(drop);
        let listed = account.list_all(&Default::default()).await.map(drop);
        let updated = account.update(&id, &bench.patch(json!({"name": "new"}))).await.map(drop);
        let revoked = account.revoke(&id).await;
        let found = [created, read, listed, updated, revoked].map(forbidden);
        // A change reads first.
        let expected = match missing {
            "spaces_key:read" => [false, true, true, true, false],
            "spaces_key:create_credentials" => [true, false, false, false, false],
            "spaces_key:update" => [false, false, false, true, false],
            _ => [false, false, false, false, true],
        };
        assert_eq!(found, expected, "{missing}");
    }
}

#[tokio::test]
async fn too_many_requests_in_a_minute_say_how_long_to_wait() {
    let bench = Bench::builder().option("burst-limit", 2).start().await;
    let id = bench.key("one").await.credential.id;
    bench.stored(&id).await;
    let failure = failure(bench.account.create(&bench.creation("two", &bench.reading())).await);
    assert_eq!(failure.reason, Reason::RateLimited);
    assert!(failure.retry_after.is_some_and(|seconds| (1..=60).contains(&seconds)), "{failure:?}");
}

/// The hourly limit gives a point in time, not seconds.
#[tokio::test]
async fn too_many_requests_in_an_hour_say_how_long_to_wait_too() {
    let bench = Bench::builder().option("hourly-limit", 1).option("burst-limit", 0).start().await;
    bench.account.check().await.unwrap();
    let failure = failure(bench.account.check().await);
    assert_eq!(failure.reason, Reason::RateLimited);
    assert!(failure.retry_after.is_some_and(|seconds| (3500..=3601).contains(&seconds)), "{failure:?}");
}

#[tokio::test]
async fn a_rate_limit_does_nothing_and_says_so() {
    let bench = Bench::start().await;
    let id = bench.key("old").await.credential.id;
    let change = bench.patch(json!({"name": "new"}));
    let account = &bench.account;
    for operation in ["create", "get", "list", "update", "revoke"] {
        bench.fault(&format!("rate-limit@{operation}*1"));
        let failure = match operation {
            "create" => failure(account.create(&bench.marked_creation("ci", "g1")).await),
            "get" => failure(account.get(&id).await),
            "list" => failure(account.list(&Default::default(), None).await),
            "update" => failure(account.update(&id, &change).await),
            _ => failure(account.revoke(&id).await),
        };
        assert_eq!((failure.reason, failure.retry_after), (Reason::RateLimited, Some(1)), "{operation}");
    }
    assert_eq!(bench.marked("g1").await, []);
    assert_eq!(bench.stored(&id).await.attributes["name"], "old");
}

/// A request without attributes has none that could be wrong.
#[tokio::test]
async fn a_refusal_of_a_reading_is_the_vendors_own() {
    let (_vendor, account) = always(Reply::json(400, &error("bad_request", &json!("bad name of a bucket")))).await;
    assert_eq!(reason(account.get(ID).await), Reason::Vendor { code: "400".to_owned() });
    assert_eq!(reason(account.revoke(ID).await), Reason::Vendor { code: "400".to_owned() });
}

//! Every kind of refusal.

use keywright_runtime::{Parts, Reason, UpdateRequest};
use keywright_tests::AwsIamBench as Bench;

use crate::outcome::{failure, reason};

#[tokio::test]
async fn a_credential_without_rights_is_forbidden_every_operation() {
    let bench = Bench::start().await;
    let issued = bench.key().await;
    let other = bench.key().await.credential.id;
    let account = bench.account_with(issued.parts.clone());
    assert_eq!(reason(account.create(&bench.creation("Active")).await), Reason::Forbidden);
    assert_eq!(reason(account.get(&issued.credential.id).await), Reason::Forbidden);
    assert_eq!(reason(account.list(&bench.of_user(), None).await), Reason::Forbidden);
    assert_eq!(reason(account.update(&other, &UpdateRequest::default()).await), Reason::Forbidden);
    assert_eq!(reason(account.set_enabled(&other, false).await), Reason::Forbidden);
    let refused = failure(account.revoke(&other).await);
    assert_eq!((&refused.reason, refused.status), (&Reason::Forbidden, Some(403)));
    assert!(refused.request_id.is_some() && refused.message.contains("iam:DeleteAccessKey"), "{refused}");
}

#[tokio::test]
async fn a_bad_credential_is_not_authenticated_and_the_advice_is_about_it() {
    let bench = Bench::start().await;
    let (own, secret) = (bench.own("access_key_id"), bench.own("secret_access_key"));
    for (access_key_id, secret_access_key, says) in [
        (own.clone(), "0".repeat(40), "check the secret access key"),
        ("AKIAAAAAAAAAAAAAAAAA".to_owned(), secret, "unknown, inactive, deleted"),
    ] {
        let parts = Parts::from_iter([("access_key_id", access_key_id), ("secret_access_key", secret_access_key)]);
        let account = bench.account_with(parts);
        for refused in [
            failure(account.check().await),
            failure(account.create(&bench.creation("Active")).await),
            failure(account.revoke("ci/AKIABBBBBBBBBBBBBBBB").await),
        ] {
            assert_eq!(refused.reason, Reason::Unauthenticated);
            assert!(refused.message.contains(says), "{refused}");
        }
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_named_where_it_is_the_cause() {
    let bench = Bench::builder().option("clock-offset", 3600).start().await;
    let refused = failure(bench.account.check().await);
    assert_eq!(refused.reason, Reason::Unauthenticated);
    assert!(refused.message.contains("this machine's clock is off"), "{refused}");
}

#[tokio::test]
async fn the_region_of_another_partition_is_refused_with_its_name() {
    let bench = Bench::start().await;
    let account = bench.account_at(serde_json::json!({"region": "cn-north-1"})).unwrap();
    let refused = failure(account.create(&bench.creation("Active")).await);
    assert_eq!(refused.reason, Reason::Unauthenticated);
    assert!(refused.message.contains("cn-north-1") && refused.message.contains("partition"), "{refused}");
    assert!(bench.account_at(serde_json::json!({"region": "eu-west-3"})).is_err(), "IAM is signed for no such region");
}

#[tokio::test]
async fn a_rate_limit_does_nothing_and_says_so() {
    for code in ["Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"] {
        let bench = Bench::builder().option("throttle", code).start().await;
        let id = bench.key().await.credential.id;
        for operation in ["create", "get", "list", "update", "revoke"] {
            bench.fault(&format!("rate-limit@{operation}*1"));
        }
        let refused = failure(bench.account.create(&bench.creation("Active")).await);
        assert_eq!((&refused.reason, refused.retry_after), (&Reason::RateLimited, None), "{code}");
        assert_eq!(reason(bench.account.get(&id).await), Reason::RateLimited, "{code}: of the list");
        assert_eq!(reason(bench.account.get(&id).await), Reason::RateLimited, "{code}: of the last use");
        assert_eq!(reason(bench.account.set_enabled(&id, false).await), Reason::RateLimited, "{code}");
        assert_eq!(reason(bench.account.revoke(&id).await), Reason::RateLimited, "{code}");
        assert!(bench.stored(&id).await.enabled && bench.keys().await.len() == 1);
    }
}

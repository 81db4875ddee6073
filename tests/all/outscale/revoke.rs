//! The end of a key.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CallError, CreateRequest, Parts, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{OutscaleBench as Bench, Reply, ScriptedVendor, exposed, object};
use serde_json::json;

use super::account_at;
use crate::outcome::{failure, reason};

#[tokio::test]
async fn an_eim_users_key_is_disabled_and_then_deleted() {
    let bench = Bench::start().await;
    let id = bench.key("").await.credential.id;
    let mark = bench.mark();
    bench.account.revoke(&id).await.unwrap();
    assert_eq!(bench.calls_since(mark), ["ReadAccessKeys", "UpdateAccessKey", "DeleteAccessKey"]);
    assert_eq!(bench.account.get(&id).await.unwrap(), None);
    let mark = bench.mark();
    bench.account.revoke(&id).await.unwrap();
    assert_eq!(bench.calls_since(mark), ["ReadAccessKeys", "ReadAccounts"]);
}

#[tokio::test]
async fn an_inactive_key_is_deleted_as_it_is() {
    let bench = Bench::start().await;
    let id = bench.key("").await.credential.id;
    bench.account.set_enabled(&id, false).await.unwrap();
    let mark = bench.mark();
    bench.account.revoke(&id).await.unwrap();
    assert_eq!(bench.calls_since(mark), ["ReadAccessKeys", "DeleteAccessKey"]);
}

#[tokio::test]
async fn a_key_of_roots_own_needs_no_disabling() {
    for code in ["4000", "4120", "5027"] {
        let bench = Bench::builder().option("unknown-key", code).start().await;
        let id = bench.own_key().await.credential.id;
        let mark = bench.mark();
        bench.account.revoke(&id).await.unwrap();
        assert_eq!(bench.calls_since(mark), ["DeleteAccessKey"]);
        assert_eq!(bench.account.get(&id).await.unwrap(), None);
        // What is gone is gone whatever code says so: a list that lacks it proves it, in its own account.
        let mark = bench.mark();
        bench.account.revoke(&id).await.unwrap();
        assert_eq!(bench.calls_since(mark), ["DeleteAccessKey", "ReadAccessKeys", "ReadAccounts"], "{code}");
    }
}

/// To OUTSCALE an administrator who is an EIM user is one like any other.
#[tokio::test]
async fn a_key_of_an_eim_administrators_own_is_disabled_and_then_deleted() {
    let bench = Bench::builder().option("administrator", "user").start().await;
    let owner = bench.own("owner");
    let attributes = object(json!({"user_name": owner.split_once('/').unwrap().1}));
    let creation = CreateRequest { attributes, ..CreateRequest::default() };
    let id = bench.account.create(&creation).await.unwrap().credential.id;
    assert!(id.starts_with(&format!("{owner}/")), "{id}");
    let mark = bench.mark();
    bench.account.revoke(&id).await.unwrap();
    assert_eq!(bench.calls_since(mark), ["ReadAccessKeys", "UpdateAccessKey", "DeleteAccessKey"]);
    assert_eq!(bench.account.get(&id).await.unwrap(), None);
}

#[tokio::test]
async fn a_key_of_a_user_who_is_gone_is_gone() {
    let bench = Bench::start().await;
    let mark = bench.mark();
    let id = format!("{}/nobody/AAAAAAAAAAAAAAAAAAAA", bench.vendor.account_id());
    bench.account.revoke(&id).await.unwrap();
    // And no other user has the key now.
    assert_eq!(bench.calls_since(mark), ["ReadAccessKeys", "ReadAccounts", "ReadUsers", "ReadAccessKeys"]);
}

#[tokio::test]
async fn an_expired_key_is_ended_although_no_passed_date_can_be_sent() {
    for (past, semantics) in [("refuse", "keep"), ("refuse", "clear"), ("accept", "clear")] {
        for policy in [0, 7 * 86_400] {
            let bench = Bench::builder()
                .option("past-expiry", past)
                .option("update-without-expiry", semantics)
                .option("max-key-expiration", policy)
                .start()
                .await;
            let expires_at = Some(Utc::now() + TimeDelta::hours(1));
            let issued = bench.account.create(&CreateRequest { expires_at, ..bench.creation("") }).await.unwrap();
            bench.vendor.clock().advance(Duration::from_secs(2 * 3600));
            let stored = bench.stored(&issued.credential.id).await;
            assert!(stored.enabled, "it stays ACTIVE");
            bench.account.revoke(&issued.credential.id).await.unwrap();
            assert_eq!(bench.account.get(&issued.credential.id).await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn a_revocation_that_broke_between_the_two_says_where_it_stands_and_the_next_finishes_it() {
    for (fault, expected) in [
        ("cut", Reason::InDoubt),
        ("html", Reason::InDoubt),
        ("server-error", Reason::InDoubt),
        ("rate-limit", Reason::RateLimited),
    ] {
        let bench = Bench::start().await;
        let id = bench.key("").await.credential.id;
        bench.fault(&format!("{fault}@revoke*1"));
        let broken = failure(bench.account.revoke(&id).await);
        assert_eq!(broken.reason, expected, "{fault}");
        let completed = broken.completed.as_deref();
        assert_eq!(completed, Some("the key is disabled and not deleted: revoke it again"), "{fault}: {broken}");
        assert!(!bench.stored(&id).await.enabled, "{fault}");
        bench.account.revoke(&id).await.unwrap();
        assert_eq!(bench.account.get(&id).await.unwrap(), None, "{fault}");
    }
}

#[tokio::test]
async fn a_revocation_whose_first_step_broke_deletes_nothing() {
    for fault in ["cut", "lose-answer", "html", "server-error-after", "bad-gateway"] {
        let bench = Bench::start().await;
        let id = bench.key("").await.credential.id;
        bench.fault(&format!("{fault}@update*1"));
        let mark = bench.mark();
        let broken = failure(bench.account.revoke(&id).await);
        assert_eq!(broken.reason, Reason::InDoubt, "{fault}");
        assert!(broken.to_string().contains("is not deleted"), "{fault}: {broken}");
        assert_eq!(bench.calls_since(mark), ["ReadAccessKeys", "UpdateAccessKey"], "{fault}");
        bench.account.revoke(&id).await.unwrap();
        assert_eq!(bench.account.get(&id).await.unwrap(), None, "{fault}");
    }
}

/// An account with a key that OUTSCALE does not know: its answers about keys prove nothing.
#[tokio::test]
async fn a_bad_administrator_proves_the_absence_of_nothing() {
    for user in ["", "nobody/"] {
        let bench = Bench::start().await;
        let access_key = exposed(&bench.own_key().await.parts, "access_key");
        let account_id = bench.vendor.account_id();
        let id = format!("{account_id}/{user}{access_key}");
        let stranger = Parts::from_iter([
            ("access_key", "A".repeat(20)),
            ("secret_key", "s".repeat(40)),
            ("owner", account_id.to_owned()),
        ]);
        let stranger = bench.account_with(stranger);
        let mark = bench.mark();
        assert_eq!(reason(stranger.revoke(&id).await), Reason::Unauthenticated);
        assert_eq!(reason(stranger.get(&id).await), Reason::Unauthenticated);
        assert!(bench.since(mark).len() < 4, "four failures lock");
    }
}

/// A 404 is nothing that OUTSCALE says.
#[tokio::test]
async fn a_404_of_a_proxy_is_no_absence() {
    let vendor = ScriptedVendor::start(|_| Reply::json(404, &json!({"message": "no such route"}))).await;
    let account = account_at(&vendor).await;
    for id in ["123456789012/ABCDEFGHIJ0123456789", "123456789012/jo/ABCDEFGHIJ0123456789"] {
        for outcome in [account.revoke(id).await, account.get(id).await.map(|_| ())] {
            let refused = failure(outcome);
            assert!(!matches!(refused.reason, Reason::NotFound), "{refused}");
        }
    }
}

#[tokio::test]
async fn an_active_key_that_the_vendor_does_not_disable_is_not_deleted() {
    let key = |state| json!({"AccessKeyId": "ABCDEFGHIJ0123456789", "State": state});
    let vendor = ScriptedVendor::start(move |request| match request.path.as_str() {
        "/api/v1/ReadAccessKeys" => Reply::json(200, &json!({"AccessKeys": [key("ACTIVE")]})),
        "/api/v1/UpdateAccessKey" => Reply::json(200, &json!({"AccessKey": key("ACTIVE")})),
        other => panic!("{other}"),
    })
    .await;
    let account = account_at(&vendor).await;
    let outcome = account.revoke("123456789012/jo/ABCDEFGHIJ0123456789").await;
    assert!(matches!(outcome, Err(CallError::Failed(_))), "{outcome:?}");
    assert_eq!(vendor.arrived().len(), 2);
}

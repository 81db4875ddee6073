//! Reading keys, importing them, and their last use.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{Problem, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{Arrived, AwsIamBench as Bench, Reply, ScriptedVendor};

use super::account_at;
use crate::outcome::{problem, reason};

const ABSENT: &str = "AKIAAAAAAAAAAAAAAAAA";

#[tokio::test]
async fn a_key_made_by_hand_is_imported_by_user_and_access_key() {
    let bench = Bench::start().await;
    let id = bench.vendor.issue_by_hand();
    let imported = bench.account.import(&id).await.unwrap();
    assert_eq!(imported.id, id);
    assert_eq!(imported.attributes["user_name"], bench.user());
}

#[tokio::test]
async fn another_users_key_is_not_the_users() {
    let bench = Bench::builder().option("users", 1).start().await;
    let id = bench.key().await.credential.id;
    let access_key_id = id.rsplit('/').next().unwrap();
    assert_eq!(bench.account.get(&format!("user-1/{access_key_id}")).await.unwrap(), None);
    assert!(bench.account.get(&id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_key_that_is_gone_is_none_whether_or_not_its_user_is() {
    let bench = Bench::start().await;
    let mark = bench.mark();
    assert_eq!(bench.account.get(&bench.id_of(ABSENT)).await.unwrap(), None);
    assert_eq!(bench.calls_since(mark), ["ListAccessKeys"]);
    // The name alone proves nothing: the user may have been renamed.
    let mark = bench.mark();
    assert_eq!(bench.account.get(&format!("nobody/{ABSENT}")).await.unwrap(), None);
    assert_eq!(bench.calls_since(mark), ["ListAccessKeys", "GetAccessKeyLastUsed"]);
}

#[tokio::test]
async fn a_new_key_may_be_missing_in_the_list_for_a_while() {
    let bench = Bench::builder().option("listing-delay", 60_000).start().await;
    let id = bench.key().await.credential.id;
    assert_eq!(bench.account.get(&id).await.unwrap(), None);
    assert_eq!(reason(bench.account.set_enabled(&id, false).await), Reason::NotFound);
    bench.vendor.clock().advance(Duration::from_secs(61));
    assert!(bench.account.get(&id).await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_no_id_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for id in
        ["", ABSENT, "ci/", "ci/short", &format!("/{ABSENT}"), &format!("system/ci/{ABSENT}"), &format!("é/{ABSENT}")]
    {
        assert_eq!(problem(bench.account.get(id).await), ("/id".to_owned(), Problem::Format), "{id}");
    }
    assert_eq!(bench.calls_since(0), [""; 0]);
}

/// A verification is a use, of which AWS knows the minute, and minutes later.
#[tokio::test]
async fn the_last_use_shows_when_aws_knows_of_it() {
    let bench = Bench::builder().option("last-used-delay", 300).start().await;
    let issued = bench.key().await;
    bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
    let stored = bench.stored(&issued.credential.id).await;
    assert!(stored.last_used_at.is_none() && !stored.attributes.contains_key("last_used_service"), "{stored:?}");
    assert!(!stored.attributes.contains_key("last_used_region"), "N/A is not a region");
    bench.vendor.clock().advance(Duration::from_secs(301));
    let stored = bench.stored(&issued.credential.id).await;
    let used = stored.last_used_at.instant().unwrap();
    assert!((Utc::now() - used).abs() < TimeDelta::minutes(2), "{used}");
    assert_eq!(
        (&stored.attributes["last_used_service"], &stored.attributes["last_used_region"]),
        (&"sts".into(), &"us-east-1".into())
    );
    assert!(bench.keys().await[0].last_used_at.is_none(), "lists leave it out");
}

#[tokio::test]
async fn a_last_use_that_may_not_be_told_is_left_out() {
    for (status, code) in [(403, "AccessDenied"), (404, "NoSuchEntity")] {
        let vendor = ScriptedVendor::start(move |arrived: &Arrived| {
            let is_list = arrived.body.starts_with(b"Action=ListAccessKeys&");
            match is_list {
                true => Reply::new(200, "text/xml", LIST),
                false => Reply::new(
                    status,
                    "text/xml",
                    format!("<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>"),
                ),
            }
        })
        .await;
        let account = account_at(&vendor).await;
        let found = account.get("ci/AKIAEXAMPLE000000002").await.unwrap().unwrap();
        assert!(found.last_used_at.is_none() && !found.enabled, "{found:?}");
    }
}

const LIST: &str = "<ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMetadata><member>\
                    <AccessKeyId>AKIAEXAMPLE000000002</AccessKeyId><Status>Inactive</Status></member>\
                    </AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>";

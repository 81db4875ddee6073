//! The end of a key.

use keywright_runtime::{CallError, Reason};
use keywright_tests::{Arrived, AwsIamBench as Bench, Reply, ScriptedVendor};

use super::account_at;
use crate::outcome::{failure, found, reason};

#[tokio::test]
async fn an_active_key_is_deleted_as_it_is_and_may_be_revoked_again() {
    let bench = Bench::start().await;
    let id = bench.key().await.credential.id;
    let mark = bench.mark();
    bench.account.revoke(&id).await.unwrap();
    assert_eq!(bench.calls_since(mark), ["DeleteAccessKey"]);
    assert_eq!(bench.account.get(&id).await.unwrap(), None);
    let mark = bench.mark();
    bench.account.revoke(&id).await.unwrap();
    assert_eq!(bench.calls_since(mark), ["DeleteAccessKey", "GetAccessKeyLastUsed"]);
}

#[tokio::test]
async fn an_inactive_key_is_deleted_too() {
    let bench = Bench::start().await;
    let id = bench.account.create(&bench.creation("Inactive")).await.unwrap().credential.id;
    bench.account.revoke(&id).await.unwrap();
    assert_eq!(bench.keys().await, []);
}

#[tokio::test]
async fn a_key_of_a_user_who_is_gone_is_gone() {
    let bench = Bench::start().await;
    bench.account.revoke("nobody/AKIAAAAAAAAAAAAAAAAA").await.unwrap();
}

#[tokio::test]
async fn the_accounts_own_key_is_not_revoked_and_nothing_is_sent() {
    let bench = Bench::start().await;
    // By another's name, too: what counts is the access key.
    for user in ["keywright-admin", "somebody"] {
        let id = format!("{user}/{}", bench.own("access_key_id"));
        let error = found(bench.account.revoke(&id).await);
        assert!(matches!(&error, CallError::SelfRevocation { .. }), "{error:?}");
    }
    assert_eq!(bench.calls_since(0), [""; 0]);
    assert!(bench.account.check().await.is_ok());
}

/// An account at a vendor that does not find the key that is to be deleted, and says this of whose it is.
async fn not_found(status: u16, last_used: &'static str) -> Result<(), CallError> {
    let vendor = ScriptedVendor::start(move |arrived: &Arrived| match arrived.body.starts_with(b"Action=Delete") {
        true => Reply::new(404, "text/xml", error("NoSuchEntity")),
        false => Reply::new(status, "text/xml", last_used),
    })
    .await;
    account_at(&vendor).await.revoke("ci/AKIAEXAMPLE000000002").await
}

fn error(code: &str) -> String {
    format!("<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code></Error></ErrorResponse>")
}

/// A key that was deleted a moment ago may still be known to the call that says whose it is.
#[tokio::test]
async fn answers_that_contradict_each_other_are_no_success() {
    let same = "<GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult><UserName>ci</UserName>\
                </GetAccessKeyLastUsedResult></GetAccessKeyLastUsedResponse>";
    let refused = failure(not_found(200, same).await);
    assert_eq!(refused.reason, Reason::Unavailable);
    assert!(refused.message.contains("try again later"), "{refused}");
}

#[tokio::test]
async fn a_key_counts_as_gone_only_when_both_answers_say_so() {
    let denied = "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>";
    let throttled = "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>";
    let nameless = "<GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult/></GetAccessKeyLastUsedResponse>";
    assert!(not_found(403, denied).await.is_ok());
    assert_eq!(reason(not_found(400, throttled).await), Reason::RateLimited);
    assert_eq!(reason(not_found(200, nameless).await), Reason::UnexpectedResponse);
    assert_eq!(reason(not_found(502, "<html></html>").await), Reason::Unavailable);
    assert_eq!(reason(not_found(404, "<html></html>").await), Reason::Vendor { code: "404".to_owned() });
    assert_eq!(reason(not_found(403, "<html></html>").await), Reason::Forbidden, "a proxy's, which proves nothing");
}

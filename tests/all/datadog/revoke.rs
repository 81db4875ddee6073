//! The end of keys, and the one key that is not ended.

use keywright_runtime::{Operation, Problem, Reason, RegenerateRequest};
use keywright_simulators::Vendor as _;
use keywright_simulators::datadog::Permission;
use keywright_tests::{DatadogBench as Bench, Reply};
use serde_json::json;

use super::scripted::{ID, OWN_ID, answering, error, own};
use crate::outcome::{failure, problem, reason};

#[tokio::test]
async fn a_key_is_revoked_for_good_and_may_be_revoked_again() {
    let bench = Bench::start().await;
    let id = bench.key("ci").await.credential.id;
    bench.account.revoke(&id).await.unwrap();
    assert_eq!(bench.account.get(&id).await.unwrap(), None);
    bench.account.revoke(&id).await.unwrap();
    bench.account.revoke(ID).await.unwrap();
}

#[tokio::test]
async fn the_accounts_own_key_is_not_revoked() {
    let bench = Bench::start().await;
    // With another key there, Datadog itself would delete it.
    bench.key("ci").await;
    let own = bench.vendor.administrator_key_id();
    let mark = bench.mark();
    assert_eq!(problem(bench.account.revoke(&own).await), ("/id".to_owned(), Problem::Constraint));
    assert_eq!(bench.lines_since(mark), ["GET /api/v2/validate"]);
    assert!(bench.account.check().await.is_ok());
}

/// The preview that tells which key is one's own may be withdrawn, and keys must end all the same.
#[tokio::test]
async fn a_key_ends_although_nothing_tells_which_is_ones_own() {
    let bench = Bench::builder().option("preview", "gone").start().await;
    let id = bench.key("ci").await.credential.id;
    bench.account.revoke(&id).await.unwrap();
    assert_eq!(bench.account.get(&id).await.unwrap(), None);
}

#[tokio::test]
async fn nothing_is_deleted_while_it_is_not_clear_which_key_is_ones_own() {
    for (answer, expected) in [
        (Reply::json(200, &json!({})), Reason::UnexpectedResponse),
        (Reply::json(200, &json!({"data": {"attributes": {"api_key_id": ""}}})), Reason::UnexpectedResponse),
        (Reply::new(200, "text/html", "<html>"), Reason::UnexpectedResponse),
        (Reply::new(404, "text/html", "<html>"), Reason::Vendor { code: "blocked".to_owned() }),
        (Reply::new(403, "text/html", "<html>"), Reason::Vendor { code: "blocked".to_owned() }),
        (error(403, "Forbidden"), Reason::Unauthenticated),
        (error(500, "Internal Server Error"), Reason::Unavailable),
        (error(429, "later"), Reason::RateLimited),
    ] {
        let given = answer.clone();
        let (vendor, account) = answering(move |_| given.clone()).await;
        assert_eq!(reason(account.revoke(ID).await), expected, "{answer:?}");
        assert_eq!(vendor.lines(), ["GET /api/v2/validate"]);
    }
}

#[tokio::test]
async fn only_the_vendors_own_words_make_a_key_gone() {
    for answer in [
        Reply::new(404, "text/html", "<html>API key not found</html>"),
        Reply::empty(404),
        Reply::json(404, &json!({})),
        error(404, "Not Found"),
        error(410, "API key not found"),
        Reply::new(200, "text/html", "<html>welcome</html>"),
    ] {
        let given = answer.clone();
        let (_vendor, account) = answering(move |request| match request.method.as_str() {
            "GET" => Reply::json(200, &own()),
            _ => given.clone(),
        })
        .await;
        assert!(account.revoke(ID).await.is_err(), "{answer:?}");
        assert_eq!(problem(account.revoke(OWN_ID).await).0, "/id");
    }
}

#[tokio::test]
async fn a_revocation_needs_its_permission_and_says_which() {
    let bench = Bench::start().await;
    let id = bench.key("ci").await.credential.id;
    let failure = failure(bench.permitted(&[Permission::Read, Permission::Write]).revoke(&id).await);
    assert_eq!(failure.reason, Reason::Forbidden);
    assert!(failure.message.contains("api_keys_delete"), "{failure}");
    bench.permitted(&[Permission::Delete]).revoke(&id).await.unwrap();
}

#[tokio::test]
async fn a_key_that_an_integration_made_can_be_revoked() {
    let bench = Bench::builder().option("managed-key", true).start().await;
    let keys = bench.account.list_all(&Default::default()).await.unwrap();
    let managed = keys.iter().find(|key| key.attributes["name"] == "made by an integration").expect("a key");
    bench.account.revoke(&managed.id).await.unwrap();
    assert_eq!(bench.account.get(&managed.id).await.unwrap(), None);
}

/// By somebody else, for example, after it was imported.
#[tokio::test]
async fn the_keys_of_others_can_be_revoked() {
    let bench = Bench::start().await;
    let id = bench.vendor.issue_by_hand();
    bench.account.revoke(&id).await.unwrap();
    assert_eq!(bench.account.get(&id).await.unwrap(), None);
}

#[tokio::test]
async fn operations_that_the_vendor_lacks_are_unsupported_and_nothing_is_sent() {
    let bench = Bench::start().await;
    assert_eq!(reason(bench.account.set_enabled(ID, false).await), Reason::Unsupported);
    assert_eq!(reason(bench.account.regenerate(ID, &RegenerateRequest::default()).await), Reason::Unsupported);
    assert_eq!(bench.mark(), 0);
    let operations = &bench.account.adapter().descriptor().operations;
    assert!(!operations.contains(&Operation::SetEnabled) && !operations.contains(&Operation::Regenerate));
}

//! Lists, of one user's keys at a time.

use keywright_runtime::{Filter, Problem};
use keywright_tests::{AwsIamBench as Bench, Reply, ScriptedVendor, exposed, object};
use serde_json::{Value, json};

use super::account_at;
use crate::outcome::problem;

fn filter(attributes: Value) -> Filter {
    Filter { attributes: object(attributes), ..Filter::default() }
}

#[tokio::test]
async fn a_list_without_a_user_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for attributes in [json!({}), json!({"status": "Active"})] {
        let outcome = bench.account.list(&filter(attributes), None).await;
        assert_eq!(problem(outcome), ("/filter/attributes/user_name".to_owned(), Problem::Required));
    }
    let marked = Filter { marker: Some("g1".to_owned()), ..bench.of_user() };
    assert_eq!(problem(bench.account.list(&marked, None).await), ("/marker".to_owned(), Problem::Unknown));
    assert_eq!(bench.calls_since(0), [""; 0]);
}

#[tokio::test]
async fn a_list_holds_the_keys_of_the_user_and_of_nobody_else() {
    let bench = Bench::builder().option("users", 1).start().await;
    let made = [bench.key().await.credential, bench.key().await.credential];
    assert_eq!(bench.keys().await, made);
    assert_eq!(bench.account.list_all(&filter(json!({"user_name": "user-1"}))).await.unwrap(), []);
}

#[tokio::test]
async fn a_list_can_be_of_one_status() {
    let bench = Bench::start().await;
    let active = bench.key().await.credential;
    let inactive = bench.account.create(&bench.creation("Inactive")).await.unwrap().credential;
    for (status, expected) in [("Active", active), ("Inactive", inactive)] {
        let of_status = filter(json!({"user_name": bench.user(), "status": status}));
        assert_eq!(bench.account.list_all(&of_status).await.unwrap(), [expected]);
    }
}

/// Creations at the same time have gone beyond the quota, so there may be more than a page of two.
#[tokio::test]
async fn pages_go_on_until_aws_says_that_there_is_no_more() {
    let bench = Bench::builder().option("quota", 5).option("page-size", 2).start().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(bench.key().await.credential);
    }
    let mark = bench.mark();
    assert_eq!(bench.keys().await, made);
    assert_eq!(bench.calls_since(mark).len(), 3);
    let first = bench.account.list(&bench.of_user(), None).await.unwrap();
    assert_eq!(first.credentials, made[..2]);
    let second = bench.account.list(&bench.of_user(), first.next.as_deref()).await.unwrap();
    assert_eq!(second.credentials, made[2..4]);
}

#[tokio::test]
async fn a_cursor_that_no_list_gave_is_refused_at_the_cursor() {
    let bench = Bench::start().await;
    for cursor in ["", "x", "2"] {
        assert_eq!(problem(bench.account.list(&bench.of_user(), Some(cursor)).await).0, "/cursor", "{cursor}");
    }
}

/// An empty list would claim that a renamed user has no keys.
#[tokio::test]
async fn a_user_who_does_not_exist_has_no_list() {
    let bench = Bench::start().await;
    let outcome = bench.account.list(&filter(json!({"user_name": "nobody"})), None).await;
    assert_eq!(problem(outcome), ("/filter/attributes/user_name".to_owned(), Problem::Constraint));
}

#[tokio::test]
async fn a_key_that_expired_is_shown_as_such_and_taken_to_work() {
    let bench = Bench::start().await;
    let issued = bench.key().await;
    assert!(bench.vendor.expire(&exposed(&issued.parts, "access_key_id")));
    let listed = &bench.keys().await[0];
    assert_eq!((&listed.attributes["status"], listed.enabled), (&json!("Expired"), true));
}

/// An account at a vendor that always gives this answer.
async fn listed(answer: &'static str) -> keywright_runtime::Page {
    let vendor = ScriptedVendor::start(move |_| Reply::new(200, "text/xml", answer)).await;
    account_at(&vendor).await.list(&filter(json!({"user_name": "ci"})), None).await.unwrap()
}

#[tokio::test]
async fn a_key_that_cannot_be_read_is_reported_and_does_not_spoil_the_list() {
    let page = listed(
        "<ListAccessKeysResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ListAccessKeysResult>\
         <IsTruncated>false</IsTruncated><AccessKeyMetadata><member><Status>Active</Status></member>\
         <member><AccessKeyId>AKIAEXAMPLE000000002</AccessKeyId><CreateDate>soon</CreateDate></member>\
         </AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>",
    )
    .await;
    assert_eq!((page.credentials.len(), page.unreadable.len(), page.next), (1, 1, None));
    let key = &page.credentials[0];
    assert_eq!((key.id.as_str(), key.created_at.unreadable()), ("ci/AKIAEXAMPLE000000002", Some("soon")));
}

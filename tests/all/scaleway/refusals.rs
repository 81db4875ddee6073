//! What the vendor refuses, in terms to act on.

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CreateRequest, ExpiryChange, Problem, Quota, Reason, UpdateRequest};
use keywright_simulators::Vendor as _;
use keywright_tests::{ScalewayBench as Bench, object};
use serde_json::json;

use crate::outcome::{failure, problems, reason};

#[tokio::test]
async fn a_full_organisation_is_a_quota_with_its_numbers() {
    let bench = Bench::builder().option("quota", 2).start().await;
    bench.key("fits").await;
    let failure = failure(bench.account.create(&bench.creation("one too many")).await);
    assert_eq!(failure.reason, Reason::Quota(Quota { limit: Some(2), used: Some(2) }));
    assert_eq!(failure.status, Some(403));
    assert!(failure.message.contains("quota(s) exceeded"), "{failure}");
}

#[tokio::test]
async fn a_missing_expiry_is_refused_in_the_vendors_words() {
    let bench = Bench::builder().option("max-key-duration", 86_400).start().await;
    let too_late = Some(Utc::now() + TimeDelta::days(2));
    for expires_at in [None, too_late] {
        let outcome = bench.account.create(&CreateRequest { expires_at, ..bench.creation("") }).await;
        let problems = problems(outcome);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!((problems[0].pointer.as_str(), problems[0].problem), ("/expires_at", Problem::Constraint));
        let words = "organization security settings require an expiration date for API keys";
        assert!(problems[0].message.contains(words), "{}", problems[0].message);
    }
    let expires_at = Some(Utc::now() + TimeDelta::hours(23));
    bench.account.create(&CreateRequest { expires_at, ..bench.creation("") }).await.unwrap();
}

#[tokio::test]
async fn an_expiry_in_the_past_is_invalid() {
    let bench = Bench::start().await;
    let expires_at = Some(Utc::now() - TimeDelta::seconds(1));
    let problems = problems(bench.account.create(&CreateRequest { expires_at, ..bench.creation("") }).await);
    assert_eq!(problems[0].pointer, "/expires_at");
}

#[tokio::test]
async fn an_account_without_rights_is_forbidden_everything() {
    let bench = Bench::start().await;
    let id = bench.key("").await.credential.id;
    let confined = bench.account_with(bench.key("confined").await.parts);
    let change = UpdateRequest { attributes: object(json!({"description": "new"})), ..UpdateRequest::default() };
    let first =
        UpdateRequest { expiry: ExpiryChange::Set(Utc::now() + TimeDelta::days(1)), ..UpdateRequest::default() };
    assert_eq!(reason(confined.create(&bench.creation("")).await), Reason::Forbidden);
    assert_eq!(reason(confined.get(&id).await), Reason::Forbidden);
    assert_eq!(reason(confined.list_all(&Default::default()).await), Reason::Forbidden);
    assert_eq!(reason(confined.update(&id, &change).await), Reason::Forbidden);
    assert_eq!(reason(confined.update(&id, &first).await), Reason::Forbidden);
    assert_eq!(reason(confined.revoke(&id).await), Reason::Forbidden);
    assert_eq!(bench.stored(&id).await.attributes["description"], "");
}

#[tokio::test]
async fn a_refusal_names_the_right_that_is_missing() {
    let bench = Bench::start().await;
    let confined = bench.account_with(bench.key("confined").await.parts);
    let failure = failure(confined.create(&bench.creation("")).await);
    assert!(failure.message.contains("insufficient permissions: create"), "{failure}");
}

#[tokio::test]
async fn an_application_that_does_not_exist_is_not_found() {
    let bench = Bench::start().await;
    let attributes = object(json!({"application_id": uuid::Uuid::new_v4()}));
    let failure = failure(bench.account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await);
    assert_eq!(failure.reason, Reason::NotFound);
    assert!(failure.message.contains("application"), "{failure}");
}

#[tokio::test]
async fn a_key_that_the_vendor_made_for_itself_is_left_alone() {
    let bench = Bench::builder().option("managed-key", true).start().await;
    let all = bench.account.list_all(&Default::default()).await.unwrap();
    let managed = all.iter().find(|key| key.attributes["managed"] == true).expect("a managed key");
    assert_eq!((&managed.attributes["editable"], &managed.attributes["deletable"]), (&json!(false), &json!(false)));
    assert_eq!(reason(bench.account.revoke(&managed.id).await), Reason::Forbidden);
    let change = UpdateRequest { attributes: object(json!({"description": "mine"})), ..UpdateRequest::default() };
    assert_eq!(reason(bench.account.update(&managed.id, &change).await), Reason::Forbidden);
}

#[tokio::test]
async fn another_organisation_is_forbidden() {
    use keywright_runtime::{Account, AccountConfig, EndpointOverride, Parts};
    let bench = Bench::start().await;
    let config = AccountConfig {
        settings: object(json!({"organization_id": uuid::Uuid::new_v4()})),
        credential: Parts::from_iter(bench.vendor.account().credential),
        endpoints: EndpointOverride::every(bench.account.adapter().descriptor(), bench.simulator.base_url()),
        ca_pem: bench.simulator.ca_pem().map(str::to_owned),
        proxy: None,
    };
    let account = Account::new(bench.account.adapter(), config).unwrap();
    assert_eq!(reason(account.list_all(&Default::default()).await), Reason::Forbidden);
}

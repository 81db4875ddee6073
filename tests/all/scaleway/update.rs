//! Changes in place.

use chrono::{SubsecRound as _, TimeDelta, Utc};
use keywright_runtime::{CreateRequest, ExpiryChange, Parts, Problem, Reason, UpdateRequest};
use keywright_tests::{Reply, ScalewayBench as Bench, ScriptedVendor, engine, object};
use serde_json::{Value, json};

use crate::outcome::{problem, reason};

fn patch(attributes: Value) -> UpdateRequest {
    UpdateRequest { attributes: object(attributes), ..UpdateRequest::default() }
}

fn expiry(change: ExpiryChange) -> UpdateRequest {
    UpdateRequest { expiry: change, ..UpdateRequest::default() }
}

#[tokio::test]
async fn a_new_description_keeps_the_marker() {
    let bench = Bench::start().await;
    let creation = CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("old") };
    let id = bench.account.create(&creation).await.unwrap().credential.id;
    let change = UpdateRequest { marker: Some("g1".to_owned()), ..patch(json!({"description": "new"})) };
    let updated = bench.account.update(&id, &change).await.unwrap();
    assert_eq!(updated.credential.attributes["description"], "new");
    assert_eq!(updated.credential.marker.as_deref(), Some("g1"));
    assert!(updated.parts.is_none(), "no new secret");
    assert_eq!(bench.stored(&id).await, updated.credential);
    assert_eq!(bench.marked("g1").await.len(), 1);
}

#[tokio::test]
async fn a_description_can_be_emptied_and_removed() {
    let bench = Bench::start().await;
    let id = bench.key("old").await.credential.id;
    bench.account.update(&id, &patch(json!({"description": ""}))).await.unwrap();
    assert_eq!(bench.stored(&id).await.attributes["description"], "");
    bench.account.update(&id, &patch(json!({"description": "again"}))).await.unwrap();
    bench.account.update(&id, &patch(json!({"description": null}))).await.unwrap();
    assert_eq!(bench.stored(&id).await.attributes["description"], "");
}

#[tokio::test]
async fn an_emptied_description_keeps_the_marker() {
    let bench = Bench::start().await;
    let creation = CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("old") };
    let id = bench.account.create(&creation).await.unwrap().credential.id;
    for empty in [json!(""), Value::Null] {
        let change = UpdateRequest { marker: Some("g1".to_owned()), ..patch(json!({"description": empty})) };
        let updated = bench.account.update(&id, &change).await.unwrap().credential;
        assert_eq!((&updated.attributes["description"], updated.marker.as_deref()), (&json!(""), Some("g1")));
    }
}

#[tokio::test]
async fn a_change_moves_the_date_of_the_last_change() {
    let bench = Bench::start().await;
    let before = bench.key("old").await.credential;
    let after = bench.account.update(&before.id, &patch(json!({"description": "new"}))).await.unwrap().credential;
    assert_ne!(before.attributes["updated_at"], after.attributes["updated_at"]);
    assert_eq!(before.created_at, after.created_at);
}

#[tokio::test]
async fn another_project_can_be_chosen_but_none_cannot() {
    let bench = Bench::start().await;
    let id = bench.key("").await.credential.id;
    let project = uuid::Uuid::new_v4().to_string();
    bench.account.update(&id, &patch(json!({"default_project_id": project}))).await.unwrap();
    assert_eq!(bench.stored(&id).await.attributes["default_project_id"], project.as_str());

    let mark = bench.mark();
    let outcome = bench.account.update(&id, &patch(json!({"default_project_id": null}))).await;
    assert_eq!(problem(outcome), ("/attributes/default_project_id".to_owned(), Problem::Immutable));
    assert_eq!(bench.methods_since(mark), [""; 0]);
}

#[tokio::test]
async fn what_cannot_change_in_place_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let id = bench.key("").await.credential.id;
    let mark = bench.mark();
    for (attributes, pointer, kind) in [
        (json!({"application_id": uuid::Uuid::new_v4()}), "/attributes/application_id", Problem::Immutable),
        (json!({"user_id": uuid::Uuid::new_v4()}), "/attributes/user_id", Problem::Immutable),
        (json!({"access_key": "SCW"}), "/attributes/access_key", Problem::Constraint),
        (json!({"updated_at": null}), "/attributes/updated_at", Problem::Constraint),
        (json!({"descriptions": "x"}), "/attributes/descriptions", Problem::Unknown),
        (json!({"description": 7}), "/attributes/description", Problem::Format),
        (json!({"description": "x".repeat(201)}), "/attributes/description", Problem::Constraint),
        (json!({"default_project_id": "x"}), "/attributes/default_project_id", Problem::Format),
    ] {
        let outcome = bench.account.update(&id, &patch(attributes)).await;
        assert_eq!(problem(outcome), (pointer.to_owned(), kind));
    }
    assert_eq!(bench.methods_since(mark), [""; 0]);
}

#[tokio::test]
async fn a_key_without_an_expiry_can_get_one() {
    let bench = Bench::start().await;
    let id = bench.key("kept").await.credential.id;
    let wanted = (Utc::now() + TimeDelta::days(7)).trunc_subsecs(3);
    let updated = bench.account.update(&id, &expiry(ExpiryChange::Set(wanted))).await.unwrap();
    assert_eq!(updated.credential.expires_at, Some(wanted));
    assert_eq!(updated.warnings, [""; 0]);
    let stored = bench.stored(&id).await;
    assert_eq!((stored.expires_at.instant(), &stored.attributes["description"]), (Some(wanted), &json!("kept")));
}

#[tokio::test]
async fn an_expiry_is_set_once_whatever_the_vendor_would_do() {
    for behaviour in ["refuse", "ignore", "accept"] {
        let bench = Bench::builder().option("expiry-change", behaviour).start().await;
        let first = (Utc::now() + TimeDelta::days(7)).trunc_subsecs(3);
        let creation = CreateRequest { expires_at: Some(first), ..bench.creation("old") };
        let id = bench.account.create(&creation).await.unwrap().credential.id;
        for change in [ExpiryChange::Set(first + TimeDelta::days(1)), ExpiryChange::Clear] {
            let mark = bench.mark();
            let change = UpdateRequest { expiry: change, ..patch(json!({"description": "new"})) };
            let outcome = bench.account.update(&id, &change).await;
            assert_eq!(problem(outcome), ("/expires_at".to_owned(), Problem::Immutable), "{behaviour}");
            assert!(!bench.methods_since(mark).contains(&"PATCH".to_owned()), "{behaviour}");
        }
        let stored = bench.stored(&id).await;
        assert_eq!((stored.expires_at.instant(), &stored.attributes["description"]), (Some(first), &json!("old")));
    }
}

#[tokio::test]
async fn the_expiry_that_a_key_has_can_be_said_again() {
    let bench = Bench::start().await;
    let wanted = (Utc::now() + TimeDelta::days(7)).trunc_subsecs(3);
    let creation = CreateRequest { expires_at: Some(wanted), ..bench.creation("old") };
    let id = bench.account.create(&creation).await.unwrap().credential.id;
    let mark = bench.mark();
    let updated = bench.account.update(&id, &expiry(ExpiryChange::Set(wanted))).await.unwrap();
    assert_eq!(updated.credential.expires_at, Some(wanted));
    assert_eq!(bench.methods_since(mark), ["GET"]);
    let change = UpdateRequest { expiry: ExpiryChange::Set(wanted), ..patch(json!({"description": "new"})) };
    let updated = bench.account.update(&id, &change).await.unwrap();
    assert_eq!(updated.credential.attributes["description"], "new");
}

#[tokio::test]
async fn clearing_an_expiry_that_is_not_there_changes_nothing() {
    let bench = Bench::start().await;
    let before = bench.key("").await.credential;
    let mark = bench.mark();
    let updated = bench.account.update(&before.id, &expiry(ExpiryChange::Clear)).await.unwrap();
    assert_eq!(updated.credential, before);
    assert_eq!(bench.methods_since(mark), ["GET"]);
}

#[tokio::test]
async fn an_empty_change_changes_nothing() {
    let bench = Bench::start().await;
    let before = bench.key("").await.credential;
    let mark = bench.mark();
    let updated = bench.account.update(&before.id, &UpdateRequest::default()).await.unwrap();
    assert_eq!(updated.credential, before);
    assert_eq!(bench.methods_since(mark), ["GET"]);
}

#[tokio::test]
async fn an_expiry_in_the_past_is_refused_at_the_expiry() {
    let bench = Bench::start().await;
    let id = bench.key("").await.credential.id;
    let change = expiry(ExpiryChange::Set(Utc::now() - TimeDelta::days(1)));
    assert_eq!(problem(bench.account.update(&id, &change).await), ("/expires_at".to_owned(), Problem::Constraint));
}

#[tokio::test]
async fn a_key_that_does_not_exist_cannot_change() {
    let bench = Bench::start().await;
    let change = patch(json!({"description": "new"}));
    assert_eq!(reason(bench.account.update("SCWABSENT00000000000", &change).await), Reason::NotFound);
    let change = expiry(ExpiryChange::Set(Utc::now() + TimeDelta::days(1)));
    assert_eq!(reason(bench.account.update("SCWABSENT00000000000", &change).await), Reason::NotFound);
}

/// Scaleway sets an expiry once: one that is there and cannot be read is not one that is missing.
#[tokio::test]
async fn an_expiry_that_cannot_be_read_is_shown_as_it_is_and_never_changed() {
    const ID: &str = "SCWXXXXXXXXXXXXXXXXX";
    for (expires_at, shown) in
        [(json!("some day"), "some day"), (json!("2030-13-01"), "2030-13-01"), (json!([1]), "[1]")]
    {
        let key = json!({"access_key": ID, "description": "x", "expires_at": expires_at});
        let vendor = ScriptedVendor::start(move |_| Reply::json(200, &key)).await;
        let adapter = Bench::built_in().load(engine()).await.unwrap();
        let settings = object(json!({"organization_id": uuid::Uuid::new_v4()}));
        let credential = Parts::from_iter([("secret_key", "11111111-2222-4333-8444-555555555555")]);
        let account = vendor.account(&adapter, settings, credential);
        assert_eq!(account.get(ID).await.unwrap().unwrap().expires_at.unreadable(), Some(shown));
        for change in [ExpiryChange::Set(Utc::now() + TimeDelta::days(1)), ExpiryChange::Clear] {
            let refused = problem(account.update(ID, &expiry(change)).await);
            assert_eq!(refused, ("/expires_at".to_owned(), Problem::Immutable), "{shown}");
        }
        assert!(vendor.lines().iter().all(|line| line.starts_with("GET ")), "{:?}", vendor.lines());
    }
}

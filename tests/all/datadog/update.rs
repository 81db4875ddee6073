//! Changing keys in place.

use chrono::{TimeDelta, Utc};
use keywright_runtime::{ExpiryChange, Problem, Reason, UpdateRequest};
use keywright_tests::{DatadogBench as Bench, Reply, object};
use serde_json::{Value, json};

use super::scripted::{ID, always, key};
use crate::outcome::{problem, reason};

fn patch(attributes: Value) -> UpdateRequest {
    UpdateRequest { attributes: object(attributes), ..UpdateRequest::default() }
}

#[tokio::test]
async fn a_new_name_keeps_the_marker_that_is_given_along() {
    let bench = Bench::start().await;
    let id = bench.account.create(&bench.marked_creation("old", "g1")).await.unwrap().credential.id;
    let change = UpdateRequest { marker: Some("g1".to_owned()), ..patch(json!({"name": "new"})) };
    let updated = bench.account.update(&id, &change).await.unwrap();
    assert_eq!(
        (&updated.credential.attributes["name"], updated.credential.marker.as_deref()),
        (&json!("new"), Some("g1"))
    );
    assert_eq!(updated.warnings, [""; 0]);
    assert!(updated.parts.is_none(), "no new secret, although Datadog tells the old one again");
    assert_eq!(bench.stored(&id).await, updated.credential);
    assert_eq!(bench.marked("g1").await.len(), 1);
}

#[tokio::test]
async fn any_other_change_keeps_the_whole_name() {
    for again in ["shown", "hidden"] {
        let bench = Bench::builder().option("key-after-creation", again).start().await;
        let id = bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap().credential.id;
        for marker in [None, Some("g1".to_owned())] {
            let change = json!({"category": "agent", "remote_config_read_enabled": true});
            let updated = bench.account.update(&id, &UpdateRequest { marker, ..patch(change) }).await.unwrap();
            let attributes = &updated.credential.attributes;
            assert_eq!((&attributes["name"], updated.credential.marker.as_deref()), (&json!("ci"), Some("g1")));
            assert_eq!(
                (&attributes["category"], &attributes["remote_config_read_enabled"]),
                (&json!("agent"), &json!(true))
            );
            assert_eq!(updated.warnings, [""; 0]);
        }
    }
}

#[tokio::test]
async fn a_change_moves_the_date_of_the_last_change_alone() {
    let bench = Bench::start().await;
    let before = bench.key("old").await.credential;
    let after = bench.account.update(&before.id, &patch(json!({"name": "new"}))).await.unwrap().credential;
    assert_ne!(before.attributes["modified_at"], after.attributes["modified_at"]);
    assert_eq!(before.created_at, after.created_at);
}

#[tokio::test]
async fn an_empty_change_changes_nothing() {
    let bench = Bench::start().await;
    let before = bench.key("ci").await.credential;
    for expiry in [ExpiryChange::Keep, ExpiryChange::Clear] {
        let mark = bench.mark();
        let updated = bench.account.update(&before.id, &UpdateRequest { expiry, ..UpdateRequest::default() }).await;
        assert_eq!(updated.unwrap().credential, before);
        assert_eq!(bench.methods_since(mark), ["GET"]);
    }
}

#[tokio::test]
async fn what_cannot_change_in_place_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let id = bench.key("ci").await.credential.id;
    let mark = bench.mark();
    for (attributes, name, kind) in [
        (json!({"category": null}), "category", Problem::Constraint),
        (json!({"remote_config_read_enabled": null}), "remote_config_read_enabled", Problem::Constraint),
        (json!({"name": ""}), "name", Problem::Constraint),
        (json!({"name": 7}), "name", Problem::Format),
        (json!({"last4": "cdef"}), "last4", Problem::Constraint),
        (json!({"key": "x"}), "key", Problem::Unknown),
    ] {
        let outcome = bench.account.update(&id, &patch(attributes)).await;
        assert_eq!(problem(outcome), (format!("/attributes/{name}"), kind));
    }
    // Without a name there is no key.
    assert_eq!(problem(bench.account.update(&id, &patch(json!({"name": null}))).await).0, "/attributes/name");
    let expiry = ExpiryChange::Set(Utc::now() + TimeDelta::days(1));
    let outcome = bench.account.update(&id, &UpdateRequest { expiry, ..UpdateRequest::default() }).await;
    assert_eq!(problem(outcome).0, "/expires_at");
    assert_eq!(bench.mark(), mark);
}

#[tokio::test]
async fn remote_configuration_that_stays_off_is_a_warning() {
    let bench = Bench::builder().option("remote-config", "off").start().await;
    let id = bench.key("ci").await.credential.id;
    let updated = bench.account.update(&id, &patch(json!({"remote_config_read_enabled": true}))).await.unwrap();
    assert_eq!(updated.warnings.len(), 1);
    assert_eq!(updated.warnings[0].pointer.as_deref(), Some("/attributes/remote_config_read_enabled"));
}

#[tokio::test]
async fn a_name_that_another_key_has_is_refused_at_the_name() {
    for refused in ["400", "409"] {
        let bench = Bench::builder().option("duplicate-name", refused).start().await;
        bench.key("one").await;
        let id = bench.key("two").await.credential.id;
        let outcome = bench.account.update(&id, &patch(json!({"name": "one"}))).await;
        assert_eq!(problem(outcome), ("/attributes/name".to_owned(), Problem::Constraint), "{refused}");
        assert_eq!(bench.stored(&id).await.attributes["name"], "two");
    }
}

#[tokio::test]
async fn a_key_that_an_integration_made_keeps_its_name() {
    let bench = Bench::builder().option("managed-key", true).start().await;
    let managed = bench.account.list_all(&Default::default()).await.unwrap();
    let managed = managed.iter().find(|key| key.attributes["name"] == "made by an integration").expect("a key");
    let outcome = bench.account.update(&managed.id, &patch(json!({"name": "mine"}))).await;
    assert_eq!(reason(outcome), Reason::Forbidden);
    bench.account.update(&managed.id, &patch(json!({"category": "agent"}))).await.unwrap();
}

/// A change must repeat the name, and one that is made up would rename the key.
#[tokio::test]
async fn a_key_whose_name_is_not_told_is_not_changed() {
    let mut nameless = key();
    nameless["attributes"]["name"] = Value::Null;
    let (vendor, account) = always(Reply::json(200, &json!({"data": nameless}))).await;
    let outcome = account.update(ID, &patch(json!({"category": "agent"}))).await;
    assert_eq!(reason(outcome), Reason::UnexpectedResponse);
    assert_eq!(vendor.arrived().len(), 1);
}

#[tokio::test]
async fn a_key_that_does_not_exist_cannot_change() {
    let bench = Bench::start().await;
    for change in [json!({"name": "new"}), json!({"category": "agent"}), json!({})] {
        assert_eq!(reason(bench.account.update(ID, &patch(change)).await), Reason::NotFound);
    }
}

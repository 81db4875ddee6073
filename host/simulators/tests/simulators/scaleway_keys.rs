//! The life of an API key.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use http::Method;
use keywright_simulators::{Simulator, scaleway};
use serde_json::{Value, json};

use crate::client::{KEYS, Scaleway};

fn is_uuid(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.len() == 36 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[tokio::test]
async fn a_key_is_created_read_changed_and_deleted() {
    let scaleway = Scaleway::start(&[]).await;

    let answer = scaleway.try_create(json!({"description": "ci deploy key"})).await;
    assert_eq!(answer.status, 200);
    let mut created = answer.json();
    let access_key = created["access_key"].clone();
    let text = access_key.as_str().unwrap();
    assert_eq!(text.len(), 20);
    assert!(text.starts_with("SCW") && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()));
    assert!(is_uuid(&created["secret_key"]));
    let expected = json!({
        "access_key": access_key,
        "secret_key": created["secret_key"],
        "application_id": scaleway.application,
        "description": "ci deploy key",
        "created_at": created["created_at"],
        "updated_at": created["created_at"],
        "expires_at": null,
        "default_project_id": scaleway.organization,
        "editable": true,
        "deletable": true,
        "managed": false,
        "creation_ip": "192.0.2.10",
    });
    assert_eq!(created, expected);

    created["secret_key"] = Value::Null;
    assert_eq!(scaleway.key(&access_key).await.json(), created);

    let changed = scaleway.update(&access_key, json!({"description": "changed"})).await;
    assert_eq!(changed.status, 200);
    let changed = changed.json();
    assert_eq!(changed["description"], "changed");
    assert_eq!(changed["secret_key"], Value::Null);
    assert_eq!(changed["created_at"], created["created_at"]);
    assert!(changed["updated_at"].as_str() > created["updated_at"].as_str());

    let deleted = scaleway.delete(&access_key).await;
    assert_eq!(deleted.status, 204);
    assert!(deleted.body.is_empty());
    assert_eq!(deleted.header("content-type"), Some("application/json"));
    assert_eq!(scaleway.key(&access_key).await.status, 404);
    assert_eq!(scaleway.delete(&access_key).await.status, 404);
}

#[tokio::test]
async fn every_answer_is_signed_by_the_gateway() {
    let scaleway = Scaleway::start(&[]).await;
    for path in [KEYS, "/iam/v1alpha1/api-keys/SCWGONEGONEGONEGONEG", "/metadata", "/nowhere"] {
        let answer = scaleway.get(path).await;
        assert!(is_uuid(&json!(answer.header("x-request-id"))), "{path}");
        assert_eq!(answer.header("server"), Some("Scaleway API Gateway (fr-par-1;edge01)"), "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
    }
}

#[tokio::test]
async fn timestamps_of_the_vendor_have_six_fraction_digits() {
    let scaleway = Scaleway::start(&[]).await;
    let created = scaleway.create(json!({})).await;
    let text = created["created_at"].as_str().unwrap();
    let (_, fraction) = text.split_once('.').unwrap();
    assert_eq!(fraction.len(), 7);
    assert!(fraction.ends_with('Z'));
}

#[tokio::test]
async fn an_expiry_is_answered_in_utc_with_the_precision_given() {
    let scaleway = Scaleway::start(&[]).await;
    let cases = [
        ("2935-07-06T11:00:00+02:00", "2935-07-06T09:00:00Z"),
        ("2935-03-24T15:10:40.879Z", "2935-03-24T15:10:40.879Z"),
    ];
    for (given, answered) in cases {
        let created = scaleway.create(json!({"expires_at": given})).await;
        assert_eq!(created["expires_at"], answered);
        assert_eq!(scaleway.key(&created["access_key"]).await.json()["expires_at"], answered);
    }
}

#[tokio::test]
async fn an_expired_key_stays_readable_and_listed_but_its_secret_is_dead() {
    let scaleway = Scaleway::start(&[]).await;
    let soon = chrono::Utc::now() + chrono::TimeDelta::hours(1);
    let created = scaleway.create(json!({"expires_at": soon.to_rfc3339()})).await;
    let (access_key, secret) = (&created["access_key"], created["secret_key"].as_str().unwrap());

    let alive = scaleway.send_as(secret, Method::GET, KEYS, None).await.unwrap();
    assert_eq!(alive.status, 403);
    scaleway.simulator.vendor().clock().advance(Duration::from_secs(3600));
    let dead = scaleway.send_as(secret, Method::GET, KEYS, None).await.unwrap();
    assert_eq!(dead.status, 401);
    assert_eq!(dead.json()["reason"], "expired");

    assert_eq!(scaleway.key(access_key).await.status, 200);
    assert_eq!(scaleway.list("expired=true").await, std::slice::from_ref(access_key));
    assert!(!scaleway.list("expired=false").await.contains(access_key));
    assert!(scaleway.list("").await.contains(access_key));
}

#[tokio::test]
async fn a_new_secret_is_unknown_until_it_has_spread() {
    let scaleway = Scaleway::start(&[("consistency-delay", "60000")]).await;
    let created = scaleway.create(json!({})).await;
    let secret = created["secret_key"].as_str().unwrap();

    let early = scaleway.send_as(secret, Method::GET, KEYS, None).await.unwrap();
    assert_eq!((early.status.as_u16(), early.json()["reason"].as_str()), (401, Some("not_found")));
    scaleway.simulator.vendor().clock().advance(Duration::from_secs(60));
    let later = scaleway.send_as(secret, Method::GET, KEYS, None).await.unwrap();
    assert_eq!(later.status, 403);
}

#[tokio::test]
async fn a_deleted_keys_secret_is_unknown() {
    let scaleway = Scaleway::start(&[]).await;
    let created = scaleway.create(json!({})).await;
    scaleway.delete(&created["access_key"]).await;
    let secret = created["secret_key"].as_str().unwrap();
    let answer = scaleway.send_as(secret, Method::GET, KEYS, None).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.json()["reason"].as_str()), (401, Some("not_found")));
}

#[tokio::test]
async fn a_secret_authenticates_in_either_case() {
    let scaleway = Scaleway::start(&[]).await;
    let answer = scaleway.send_as(&scaleway.secret.to_uppercase(), Method::GET, KEYS, None).await.unwrap();
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_user_can_make_a_key_for_itself() {
    let scaleway = Scaleway::start(&[]).await;
    let own = scaleway.key(&json!(scaleway.access_key)).await.json();
    let request = json!({"user_id": own["user_id"]});
    let created = scaleway.send(Method::POST, KEYS, Some(request)).await;
    assert_eq!(created.status, 200);
    assert_eq!(created.json()["user_id"], own["user_id"]);
    assert!(created.json().get("application_id").is_none());
}

#[tokio::test]
async fn a_change_leaves_alone_what_it_does_not_name() {
    let scaleway = Scaleway::start(&[]).await;
    let project = "5b0c2f3e-8a86-4d06-9d7c-0d6a5a0e7a11";
    let created = scaleway.create(json!({"description": "kept", "default_project_id": null})).await;
    let access_key = &created["access_key"];

    let changed = scaleway.update(access_key, json!({"default_project_id": project})).await.json();
    assert_eq!((&changed["default_project_id"], &changed["description"]), (&json!(project), &json!("kept")));
    let changed = scaleway.update(access_key, json!({"description": null, "expires_at": null})).await.json();
    assert_eq!((&changed["description"], &changed["expires_at"]), (&json!("kept"), &Value::Null));
    let changed = scaleway.update(access_key, json!({"description": ""})).await.json();
    assert_eq!(changed["description"], "");
}

#[tokio::test]
async fn an_expiry_can_be_added_once() {
    let scaleway = Scaleway::start(&[]).await;
    let created = scaleway.create(json!({})).await;
    let access_key = &created["access_key"];
    let first = json!({"expires_at": "2935-07-06T09:00:00Z"});
    let other = json!({"expires_at": "2936-07-06T09:00:00Z"});

    let added = scaleway.update(access_key, first.clone()).await;
    assert_eq!(added.json()["expires_at"], first["expires_at"]);
    assert_eq!(scaleway.update(access_key, first).await.status, 200, "the same again is no change");
    let refused = scaleway.update(access_key, other).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["details"][0]["argument_name"], "expires_at");
    assert_eq!(refused.json()["details"][0]["reason"], "constraint");
}

#[tokio::test]
async fn a_change_of_an_expiry_is_ignored_or_accepted_when_so_chosen() {
    for (choice, expected) in [("ignore", "2935-07-06T09:00:00Z"), ("accept", "2936-07-06T09:00:00Z")] {
        let scaleway = Scaleway::start(&[("expiry-change", choice)]).await;
        let created = scaleway.create(json!({"expires_at": "2935-07-06T09:00:00Z"})).await;
        let changed = scaleway.update(&created["access_key"], json!({"expires_at": "2936-07-06T09:00:00Z"})).await;
        assert_eq!(changed.status, 200);
        assert_eq!(changed.json()["expires_at"], expected, "{choice}");
    }
}

#[tokio::test]
async fn a_key_made_by_hand_is_the_applications() {
    let scaleway = Scaleway::start(&[]).await;
    let access_key = json!(scaleway.simulator.vendor().issue_by_hand());
    let key = scaleway.key(&access_key).await.json();
    assert_eq!(key["application_id"], scaleway.application);
    assert_eq!(key["secret_key"], Value::Null);
}

#[tokio::test]
async fn the_sample_can_be_created_and_changed() {
    let scaleway = Scaleway::start(&[]).await;
    let sample = scaleway.simulator.vendor().sample();
    let created = scaleway.send(Method::POST, KEYS, Some(sample.attributes)).await;
    assert_eq!(created.json()["description"], "made by keywright demo");
    let changed = scaleway.update(&created.json()["access_key"], sample.change).await;
    assert_eq!(changed.json()["description"], "changed by keywright demo");
}

#[tokio::test]
async fn an_application_with_rights_can_manage_keys() {
    let vendor = Arc::new(scaleway::Scaleway::new(&BTreeMap::new()).unwrap());
    let simulator = Simulator::builder(vendor.clone()).start().await.unwrap();
    let scaleway = Scaleway::of(simulator);
    let created = scaleway.create(json!({})).await;
    let secret = created["secret_key"].as_str().unwrap();

    let application = &scaleway.application;
    assert!(vendor.set_iam_rights(application, true));
    assert_eq!(scaleway.send_as(secret, Method::GET, KEYS, None).await.unwrap().status, 200);
    assert!(vendor.set_iam_rights(application, false));
    assert_eq!(scaleway.send_as(secret, Method::GET, KEYS, None).await.unwrap().status, 403);
    assert!(!vendor.set_iam_rights(&scaleway.organization, true));
}

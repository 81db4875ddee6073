//! Changes in place.

use std::sync::Mutex;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{ExpiryChange, Problem, Reason, UpdateRequest};
use keywright_tests::{Reply, SpacesBench as Bench, object};
use serde_json::{Value, json};

use super::scripted::{ID, answering, key, one, reading};
use crate::outcome::{failure, problem, reason};

#[tokio::test]
async fn a_new_name_keeps_the_marker_and_the_grants() {
    let bench = Bench::start().await;
    let id = bench.account.create(&bench.marked_creation("old", "g1")).await.unwrap().credential.id;
    let change = UpdateRequest { marker: Some("g1".to_owned()), ..bench.patch(json!({"name": "new"})) };
    let updated = bench.account.update(&id, &change).await.unwrap();
    let expected = json!({"name": "new", "grants": bench.reading()});
    assert_eq!(Value::Object(updated.credential.attributes.clone()), expected);
    assert!(updated.parts.is_none() && updated.warnings.is_empty());
    assert_eq!(bench.stored(&id).await, updated.credential);
    assert_eq!(bench.marked("g1").await.len(), 1);
}

#[tokio::test]
async fn limited_grants_change_and_the_name_stays_with_its_marker() {
    let bench = Bench::start().await;
    bench.vendor.add_bucket("logs");
    let id = bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap().credential.id;
    for grants in [
        json!([{"bucket": bench.bucket(), "permission": "readwrite"}, {"bucket": "logs", "permission": "read"}]),
        json!([{"bucket": "logs", "permission": ""}]),
        json!([]),
    ] {
        let updated = bench.account.update(&id, &bench.patch(json!({"grants": grants}))).await.unwrap();
        assert_eq!(updated.credential.attributes["grants"], grants);
        assert_eq!(updated.warnings, [""; 0]);
        let stored = bench.stored(&id).await;
        assert_eq!((&stored.attributes["name"], stored.marker.as_deref()), (&json!("ci"), Some("g1")));
        assert_eq!(stored.attributes["grants"], grants);
    }
}

#[tokio::test]
async fn what_is_so_already_is_not_sent() {
    let bench = Bench::start().await;
    bench.vendor.add_bucket("logs");
    let one = json!({"bucket": bench.bucket(), "permission": "read"});
    let other = json!({"bucket": "logs", "permission": "read"});
    let id = bench.key_with("ci", &json!([one, other])).await.credential.id;
    for change in [json!({}), json!({"name": "ci"}), json!({"name": "ci", "grants": [other, one]})] {
        let (methods, updated) = bench.sent(bench.account.update(&id, &bench.patch(change))).await;
        assert_eq!(methods, "GET");
        assert_eq!(updated.credential, bench.stored(&id).await);
    }
}

/// How DigitalOcean would refuse it is not known; a wrong guess could widen a key.
#[tokio::test]
async fn full_access_and_limited_do_not_become_each_other_and_nothing_is_written() {
    for conversion in ["refuse", "ignore"] {
        let bench = Bench::builder().option("conversion", conversion).start().await;
        let (full, limited) = (bench.full_access(), bench.reading());
        for (from, to) in [(&full, &limited), (&full, &json!([])), (&limited, &full), (&json!([]), &full)] {
            let id = bench.key_with("old", from).await.credential.id;
            let mark = bench.mark();
            let outcome = bench.account.update(&id, &bench.patch(json!({"name": "new", "grants": to}))).await;
            assert_eq!(problem(outcome), ("/attributes/grants".to_owned(), Problem::Immutable), "{from} {to}");
            assert_eq!(bench.methods_since(mark), ["GET"]);
            let stored = bench.stored(&id).await;
            assert_eq!(Value::Object(stored.attributes), json!({"name": "old", "grants": from}));
        }
    }
}

#[tokio::test]
async fn a_full_access_key_can_get_another_name() {
    let bench = Bench::start().await;
    let id = bench.key_with("old", &bench.full_access()).await.credential.id;
    let updated = bench.account.update(&id, &bench.patch(json!({"name": "new"}))).await.unwrap();
    let expected = json!({"name": "new", "grants": bench.full_access()});
    assert_eq!(Value::Object(updated.credential.attributes), expected);
}

/// DigitalOcean's description says that only the name can change.
#[tokio::test]
async fn grants_that_the_vendor_keeps_are_immutable_and_the_name_is_told_of() {
    let grants = json!([]);
    for (behaviour, name_changes) in [("refuse", false), ("ignore", true)] {
        let bench = Bench::builder().option("grants-change", behaviour).start().await;
        let id = bench.key("old").await.credential.id;
        for change in [json!({"grants": grants}), json!({"name": "new", "grants": grants})] {
            let renames = change["name"].is_string();
            let failure = failure(bench.account.update(&id, &bench.patch(change)).await);
            let Reason::Invalid { problems } = &failure.reason else { panic!("{failure:?}") };
            assert_eq!((&*problems[0].pointer, problems[0].problem), ("/attributes/grants", Problem::Immutable));
            assert_eq!(failure.completed.is_some(), renames && name_changes, "{behaviour}: {failure}");
            let stored = bench.stored(&id).await;
            assert_eq!(stored.attributes["grants"], bench.reading());
            assert_eq!(stored.attributes["name"] == "new", renames && name_changes, "{behaviour}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let id = bench.key("ci").await.credential.id;
    let mark = bench.mark();
    let full = json!({"bucket": "", "permission": "fullaccess"});
    let read = json!({"bucket": bench.bucket(), "permission": "read"});
    for (attributes, pointer, kind) in [
        (json!({"name": null}), "/attributes/name", Problem::Required),
        (json!({"name": 7}), "/attributes/name", Problem::Format),
        (json!({"grants": null}), "/attributes/grants", Problem::Constraint),
        (json!({"grants": [full, read]}), "/attributes/grants", Problem::Constraint),
        (json!({"grants": [read, read]}), "/attributes/grants", Problem::Constraint),
        (json!({"access_key": "DO00"}), "/attributes/access_key", Problem::Unknown),
    ] {
        let outcome = bench.account.update(&id, &bench.patch(attributes.clone())).await;
        assert_eq!(problem(outcome), (pointer.to_owned(), kind), "{attributes}");
    }
    let expiry = ExpiryChange::Set(Utc::now() + TimeDelta::days(1));
    let outcome = bench.account.update(&id, &UpdateRequest { expiry, ..UpdateRequest::default() }).await;
    assert_eq!(problem(outcome), ("/expires_at".to_owned(), Problem::Unknown));
    assert_eq!(bench.mark(), mark);
}

#[tokio::test]
async fn a_key_that_does_not_exist_cannot_change() {
    let bench = Bench::start().await;
    assert_eq!(reason(bench.account.update(ID, &bench.patch(json!({"name": "new"}))).await), Reason::NotFound);
    assert_eq!(bench.methods_since(0), ["GET"]);
}

fn renamed() -> UpdateRequest {
    UpdateRequest { attributes: object(json!({"name": "new"})), ..UpdateRequest::default() }
}

/// What the adapter does not know of is kept, not dropped: a condition that narrows a grant, for one.
#[tokio::test]
async fn grants_are_sent_again_as_they_came() {
    let grants = json!([{"bucket": "photos", "permission": "list", "prefix": "2027/"}]);
    let stored = Mutex::new({
        let mut key = key();
        key["grants"] = grants.clone();
        key
    });
    let (vendor, account) = answering(move |request| {
        let mut stored = stored.lock().unwrap();
        if request.method == "PUT" {
            let sent: Value = serde_json::from_slice(&request.body).unwrap();
            stored["name"] = sent["name"].clone();
            stored["grants"] = sent["grants"].clone();
        }
        Reply::json(200, &one(stored.clone()))
    })
    .await;
    let updated = account.update(ID, &renamed()).await.unwrap();
    assert_eq!(updated.warnings, [""; 0]);
    let sent: Value = serde_json::from_slice(&vendor.arrived()[1].body).unwrap();
    assert_eq!(sent, json!({"name": "new", "grants": grants}));
}

/// A `PUT` replaces everything, so that what is not understood would be lost, or widened.
#[tokio::test]
async fn a_key_that_is_not_understood_is_not_written_again() {
    let full = json!({"bucket": "", "permission": "fullaccess"});
    for (field, value) in [
        ("grants", json!("photos")),
        ("grants", json!([7])),
        ("grants", json!([full, {"bucket": "photos", "permission": "read"}])),
        ("grants", json!([{"bucket": "photos", "permission": "fullaccess"}])),
        ("grants", json!([{"bucket": "photos"}])),
        ("name", json!(7)),
        ("name", Value::Null),
    ] {
        let mut shown = key();
        shown[field] = value.clone();
        let (vendor, account) = answering(move |_| Reply::json(200, &one(shown.clone()))).await;
        for change in [json!({"name": "new"}), json!({"grants": []})] {
            let change = UpdateRequest { attributes: object(change), ..UpdateRequest::default() };
            assert_eq!(reason(account.update(ID, &change).await), Reason::UnexpectedResponse, "{field} {value}");
        }
        assert_eq!(vendor.lines(), [format!("GET /v2/spaces/keys/{ID}"), format!("GET /v2/spaces/keys/{ID}")]);
    }
}

#[tokio::test]
async fn an_answer_with_other_grants_than_asked_for_is_a_warning() {
    let full = json!([{"bucket": "", "permission": "fullaccess"}]);
    for shown in [full, json!("photos")] {
        let (_vendor, account) = answering(move |request| {
            let mut key = key();
            if request.method == "PUT" {
                key["name"] = json!("new");
                key["grants"] = shown.clone();
            }
            Reply::json(200, &one(key))
        })
        .await;
        let updated = account.update(ID, &renamed()).await.unwrap();
        let pointers: Vec<_> = updated.warnings.iter().map(|warning| warning.pointer.as_deref()).collect();
        assert_eq!(pointers, [Some("/attributes/grants")]);
        assert_ne!(updated.credential.attributes["grants"], reading());
    }
}

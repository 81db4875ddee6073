//! Changes in place: attributes, the expiry, the switch.

use chrono::{SubsecRound as _, TimeDelta, Utc};
use keywright_runtime::{CreateRequest, ExpiryChange, Outcome, Problem, Reason, RegenerateRequest, UpdateRequest};
use keywright_tests::{ImpervaBench as Bench, Reply, object};
use serde_json::{Value, json};

use super::{ABSENT, ID, answering, envelope, scripted, told};
use crate::outcome::{failure, problem, reason};

fn patch(attributes: Value) -> UpdateRequest {
    UpdateRequest { attributes: object(attributes), ..UpdateRequest::default() }
}

fn expiry(change: ExpiryChange) -> UpdateRequest {
    UpdateRequest { expiry: change, ..UpdateRequest::default() }
}

#[tokio::test]
async fn name_description_and_switch_change_in_one_request() {
    let bench = Bench::start().await;
    let issued = bench.client_with("First", json!({"description": "Last"})).await;
    let mark = bench.mark();
    let change = patch(json!({"name": "Second", "description": "new", "enabled": false}));
    let updated = bench.account.update(&issued.credential.id, &change).await.unwrap();
    assert_eq!(bench.methods_since(mark), ["PATCH"]);
    let attributes = &updated.credential.attributes;
    assert_eq!((&attributes["name"], &attributes["description"]), (&json!("Second"), &json!("new")));
    assert!(!updated.credential.enabled);
    assert!(updated.parts.is_none(), "no new key");
    assert_eq!(updated.warnings, [""; 0]);
    assert_eq!(bench.stored(&issued.credential.id).await, updated.credential);
}

#[tokio::test]
async fn each_attribute_changes_by_itself_and_leaves_the_others() {
    let bench = Bench::start().await;
    let id = bench.client_with("First", json!({"description": "Last"})).await.credential.id;
    for (name, value) in
        [("name", json!("Second")), ("description", json!("é \" \\ \u{1f511}")), ("enabled", json!(false))]
    {
        let mut expected = bench.stored(&id).await.attributes;
        expected.insert(name.to_owned(), value.clone());
        bench.account.update(&id, &patch(json!({name: value}))).await.unwrap();
        assert_eq!(bench.stored(&id).await.attributes, expected);
    }
    // Removing the switch brings back what holds without it.
    bench.account.update(&id, &patch(json!({"enabled": true}))).await.unwrap();
    bench.account.update(&id, &patch(json!({"enabled": null}))).await.unwrap();
    assert!(!bench.stored(&id).await.enabled);
}

#[tokio::test]
async fn a_new_description_keeps_the_marker() {
    let bench = Bench::start().await;
    let creation = bench.creation("First", json!({"description": "old"}));
    let creation = CreateRequest { marker: Some("g1".to_owned()), ..creation };
    let id = bench.account.create(&creation).await.unwrap().credential.id;
    for (description, left) in [(json!("new"), "new"), (json!(""), ""), (Value::Null, "")] {
        let change = UpdateRequest { marker: Some("g1".to_owned()), ..patch(json!({"description": description})) };
        let updated = bench.account.update(&id, &change).await.unwrap().credential;
        assert_eq!((&updated.attributes["description"], updated.marker.as_deref()), (&json!(left), Some("g1")));
        assert_eq!(bench.marked("g1").await, [updated]);
    }
}

#[tokio::test]
async fn what_becomes_of_an_emptied_description_is_told() {
    for (behaviour, left) in [("clear", ""), ("ignore", "old"), ("refuse", "old")] {
        let bench = Bench::builder().option("empty-description", behaviour).start().await;
        let id = bench.client_with("First", json!({"description": "old"})).await.credential.id;
        let outcome = bench.account.update(&id, &patch(json!({"description": null}))).await;
        match behaviour {
            "refuse" => assert_eq!(problem(outcome), ("/attributes/description".to_owned(), Problem::Constraint)),
            "ignore" => {
                assert!(outcome.unwrap().warnings[0].message.contains("does not show the description"), "{behaviour}")
            }
            _ => assert_eq!(outcome.unwrap().warnings, [""; 0]),
        }
        assert_eq!(bench.stored(&id).await.attributes["description"], left);
    }
}

#[tokio::test]
async fn what_cannot_change_in_place_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let id = bench.client("First").await.credential.id;
    let mark = bench.mark();
    for (attributes, pointer, kind) in [
        (json!({"user_email": "jo@example.com"}), "/attributes/user_email", Problem::Immutable),
        (json!({"account_id": 7}), "/attributes/account_id", Problem::Immutable),
        (json!({"api_id": "7"}), "/attributes/api_id", Problem::Constraint),
        (json!({"names": "x"}), "/attributes/names", Problem::Unknown),
        (json!({"name": null}), "/attributes/name", Problem::Required),
        (json!({"name": ""}), "/attributes/name", Problem::Constraint),
        (json!({"description": 7}), "/attributes/description", Problem::Format),
        (json!({"enabled": "no"}), "/attributes/enabled", Problem::Format),
    ] {
        let outcome = bench.account.update(&id, &patch(attributes)).await;
        assert_eq!(problem(outcome), (pointer.to_owned(), kind));
    }
    assert_eq!(bench.methods_since(mark), [""; 0]);
}

/// Whether a new date makes a new key is not known; both ways nothing is lost.
#[tokio::test]
async fn an_expiry_moves_in_place_and_a_key_that_comes_with_it_is_handed_over() {
    for regenerates in [false, true] {
        let bench = Bench::builder().option("date-regenerates", regenerates).start().await;
        let issued = bench.client("First").await;
        let id = issued.credential.id.as_str();
        for days in [30, 90, 60] {
            let wanted = (Utc::now() + TimeDelta::days(days)).trunc_subsecs(0);
            let mark = bench.mark();
            let updated = bench.account.update(id, &expiry(ExpiryChange::Set(wanted))).await.unwrap();
            assert_eq!(bench.methods_since(mark), ["GET", "PATCH"]);
            let body: Value = serde_json::from_slice(&bench.since(mark)[1].body).unwrap();
            assert_eq!(body, json!({"expirationDate": wanted.format("%Y-%m-%dT%H:%M:%SZ").to_string()}));
            assert_eq!(updated.credential.expires_at, Some(wanted));
            assert_eq!(bench.stored(id).await.expires_at, Some(wanted));
            assert_eq!(updated.parts.is_some(), regenerates);
            let warned = updated.warnings.iter().any(|warning| warning.message.contains("also made a new API key"));
            assert_eq!((warned, updated.warnings.len()), (regenerates, usize::from(regenerates)));
            let parts = updated.parts.unwrap_or(issued.parts.clone());
            assert_eq!(bench.account.verify(id, &parts).await.unwrap().outcome, Outcome::Active, "{regenerates}");
        }
    }
}

/// To say again what holds could cost the key.
#[tokio::test]
async fn the_expiry_that_a_client_has_is_not_sent_again() {
    let bench = Bench::builder().option("date-regenerates", true).start().await;
    let wanted = (Utc::now() + TimeDelta::days(30)).trunc_subsecs(0);
    let creation = CreateRequest { expires_at: Some(wanted), ..bench.creation("First", json!({})) };
    let issued = bench.account.create(&creation).await.unwrap();
    let id = issued.credential.id.as_str();
    let mark = bench.mark();
    let same = ExpiryChange::Set(wanted + TimeDelta::milliseconds(300));
    assert_eq!(bench.account.update(id, &expiry(same)).await.unwrap().credential, issued.credential);
    assert_eq!(bench.methods_since(mark), ["GET"]);
    let change = UpdateRequest { expiry: same, ..patch(json!({"name": "Second"})) };
    assert!(bench.account.update(id, &change).await.unwrap().parts.is_none());
    assert_eq!(bench.account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Active);
}

#[tokio::test]
async fn an_expiry_cannot_be_removed_and_nothing_is_changed() {
    let bench = Bench::start().await;
    let creation =
        CreateRequest { expires_at: Some(Utc::now() + TimeDelta::days(30)), ..bench.creation("First", json!({})) };
    let id = bench.account.create(&creation).await.unwrap().credential.id;
    let mark = bench.mark();
    let change = UpdateRequest { expiry: ExpiryChange::Clear, ..patch(json!({"name": "Second"})) };
    let failure = failure(bench.account.update(&id, &change).await);
    assert!(failure.message.contains("make another API client without one"), "{failure}");
    let Reason::Invalid { problems } = failure.reason else { panic!("{failure:?}") };
    assert_eq!((problems[0].pointer.as_str(), problems[0].problem), ("/expires_at", Problem::Immutable));
    assert_eq!(bench.methods_since(mark), ["GET"]);
    assert_eq!(bench.stored(&id).await.attributes["name"], "First");
}

#[tokio::test]
async fn clearing_an_expiry_that_is_not_there_changes_nothing() {
    for nothing in ["null", "missing", "empty"] {
        let bench = Bench::builder().option("nothing", nothing).start().await;
        let before = bench.client("First").await.credential;
        let mark = bench.mark();
        let updated = bench.account.update(&before.id, &expiry(ExpiryChange::Clear)).await.unwrap();
        assert_eq!((updated.credential, bench.methods_since(mark)), (before, vec!["GET".to_owned()]));
    }
}

/// One that cannot be read may hold all the same.
#[tokio::test]
async fn an_expiry_that_cannot_be_read_is_not_taken_for_none() {
    let mut client = told(Value::Null);
    client["expirationDate"] = json!("some day");
    let (_vendor, account) = answering(Reply::json(200, &envelope(&[client]))).await;
    let outcome = account.update(ID, &expiry(ExpiryChange::Clear)).await;
    assert_eq!(problem(outcome), ("/expires_at".to_owned(), Problem::Immutable));
}

#[tokio::test]
async fn an_empty_change_changes_nothing() {
    let bench = Bench::start().await;
    let before = bench.client("First").await.credential;
    let mark = bench.mark();
    assert_eq!(bench.account.update(&before.id, &UpdateRequest::default()).await.unwrap().credential, before);
    assert_eq!(bench.methods_since(mark), ["GET"]);
}

#[tokio::test]
async fn a_client_is_switched_off_and_on() {
    let bench = Bench::start().await;
    let issued = bench.client("First").await;
    let id = issued.credential.id.as_str();
    for enabled in [false, true, true] {
        let mark = bench.mark();
        let now = bench.account.set_enabled(id, enabled).await.unwrap();
        assert_eq!(bench.methods_since(mark), ["PATCH"]);
        let body: Value = serde_json::from_slice(&bench.since(mark)[0].body).unwrap();
        assert_eq!(body, json!({"enabled": enabled}));
        assert_eq!((now.enabled, &now.attributes["enabled"]), (enabled, &json!(enabled)));
        assert_eq!(bench.stored(id).await.enabled, enabled);
    }
    assert_eq!(bench.account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Active);
}

#[tokio::test]
async fn a_switch_that_did_not_switch_is_no_success() {
    for (enabled, says) in [
        (json!(true), "still enabled"),
        (Value::Null, "does not say whether"),
        (json!("false"), "does not say whether"),
    ] {
        let mut client = told(Value::Null);
        client["enabled"] = enabled;
        let (_vendor, account) = answering(Reply::json(200, &client)).await;
        let failure = failure(account.set_enabled(ID, false).await);
        assert_eq!(failure.reason, Reason::InDoubt);
        assert!(failure.message.contains(says), "{failure}");
    }
}

/// What cannot be read may be another than what is wanted.
#[tokio::test]
async fn an_expiry_is_set_over_one_that_cannot_be_read() {
    let (vendor, account) = scripted(|arrived| {
        let mut client = told(Value::Null);
        client["expirationDate"] = json!("some day");
        match arrived.method.as_str() {
            "GET" => Reply::json(200, &envelope(&[client])),
            _ => Reply::json(200, &told(Value::Null)),
        }
    })
    .await;
    let wanted = "2127-09-12T10:33:29Z".parse().unwrap();
    let updated = account.update(ID, &expiry(ExpiryChange::Set(wanted))).await.unwrap();
    assert_eq!(updated.credential.expires_at, Some(wanted));
    assert_eq!(updated.warnings, [""; 0]);
    let body: Value = serde_json::from_slice(&vendor.arrived()[1].body).unwrap();
    assert_eq!(body, json!({"expirationDate": "2127-09-12T10:33:29Z"}));
}

#[tokio::test]
async fn a_client_that_does_not_exist_cannot_change() {
    for absent in ABSENT {
        let bench = Bench::builder().option("absent", absent).start().await;
        let account = &bench.account;
        let expected = match absent {
            "bare-404" => Reason::Vendor { code: "404".to_owned() },
            _ => Reason::NotFound,
        };
        let soon = ExpiryChange::Set(Utc::now() + TimeDelta::days(1));
        assert_eq!(reason(account.update("7", &patch(json!({"name": "x"}))).await), expected, "{absent}");
        assert_eq!(reason(account.update("7", &expiry(soon)).await), expected, "{absent}");
        assert_eq!(reason(account.update("7", &UpdateRequest::default()).await), expected, "{absent}");
        assert_eq!(reason(account.set_enabled("7", true).await), expected, "{absent}");
        assert_eq!(reason(account.regenerate("7", &RegenerateRequest::default()).await), expected, "{absent}");
    }
}

#[tokio::test]
async fn what_imperva_did_not_change_is_told() {
    let (_vendor, account) = scripted(|_| Reply::json(200, &told(Value::Null))).await;
    let change = patch(json!({"name": "Second", "enabled": false}));
    let updated = account.update(ID, &change).await.unwrap();
    let pointers: Vec<_> = updated.warnings.iter().map(|warning| warning.pointer.as_deref()).collect();
    assert_eq!(pointers, [Some("/attributes/enabled"), Some("/attributes/name")], "{:?}", updated.warnings);
    assert_eq!((&updated.credential.attributes["name"], updated.credential.enabled), (&json!("First"), true));
}

//! The life of an API key of Datadog's.

use std::time::Duration;

use keywright_simulators::Vendor as _;
use serde_json::{Value, json};

use crate::datadog::{Datadog, KEYS, VALIDATE, told, value};

/// Whether a text has the form of a date in Datadog's answers: `2021-08-03T08:39:13.601930+00:00`.
fn is_date(value: &Value) -> bool {
    let text = value.as_str().unwrap();
    chrono::DateTime::parse_from_rfc3339(text).is_ok() && text.len() == 32 && text.ends_with("+00:00")
}

#[tokio::test]
async fn a_key_is_created_read_changed_and_deleted() {
    let datadog = Datadog::start(&[]).await;
    let created = datadog.named("agent-web-7f3a").await;
    let (id, attributes) = (&created["id"], &created["attributes"]);
    let key = value(&created);
    assert!(key.len() == 32 && key.bytes().all(|byte| b"0123456789abcdef".contains(&byte)), "{key}");
    assert!(is_date(&attributes["created_at"]), "{attributes}");
    let user = json!({"data": {"type": "users", "id": created["relationships"]["created_by"]["data"]["id"]}});
    let expected = json!({
        "type": "api_keys",
        "id": id,
        "attributes": {
            "name": "agent-web-7f3a", "key": key, "last4": &key[28..], "created_at": attributes["created_at"],
            "modified_at": attributes["created_at"], "date_last_used": null, "remote_config_read_enabled": false,
            "private_action_runner_enroll_enabled": false,
        },
        "relationships": {"created_by": user, "modified_by": user, "leak_information": {"data": null}},
    });
    assert_eq!(created, expected);
    assert_eq!(told(&datadog.read(id).await), (200, json!({"data": expected})), "with the value again");

    let changed = datadog.update(id, json!({"name": "agent-web-7f3a-old"})).await.json()["data"].clone();
    assert!(changed["attributes"]["modified_at"].as_str() > attributes["modified_at"].as_str());
    let mut expected = expected;
    expected["attributes"]["name"] = json!("agent-web-7f3a-old");
    expected["attributes"]["modified_at"] = changed["attributes"]["modified_at"].clone();
    assert_eq!(changed, expected);

    let deleted = datadog.delete(id).await;
    assert_eq!((deleted.status.as_u16(), deleted.body.len()), (204, 0));
    let gone = (404, json!({"errors": ["API key not found"]}));
    assert_eq!(told(&datadog.read(id).await), gone);
    assert_eq!(told(&datadog.delete(id).await), gone);
    assert_eq!(told(&datadog.update(id, json!({"name": "x"})).await), gone);
    assert_eq!(datadog.list("").await, ["the administrator's own key"]);
}

#[tokio::test]
async fn every_answer_has_the_headers_of_the_recordings() {
    let datadog = Datadog::start(&[]).await;
    let key = datadog.named("one").await;
    for answer in [datadog.get(KEYS).await, datadog.delete(&key["id"]).await, datadog.get("/nowhere").await] {
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("x-ratelimit-limit"), None);
    }
}

#[tokio::test]
async fn what_a_change_does_not_name_stays() {
    let datadog = Datadog::start(&[]).await;
    let given = json!({"name": "one", "category": "agent", "remote_config_read_enabled": true});
    let id = &datadog.create(given).await["id"];
    let told = async |attributes| {
        let changed = datadog.update(id, attributes).await.json()["data"]["attributes"].clone();
        let names = ["name", "category", "remote_config_read_enabled"];
        Value::from(names.map(|name| changed[name].clone()).to_vec())
    };
    assert_eq!(told(json!({"name": "two"})).await, json!(["two", "agent", true]));
    assert_eq!(told(json!({"name": "two", "category": "web"})).await, json!(["two", "web", true]));
    let off = json!({"name": "two", "remote_config_read_enabled": false});
    assert_eq!(told(off).await, json!(["two", "web", false]));
}

#[tokio::test]
async fn remote_configuration_needs_an_organization_that_has_it() {
    for (option, enabled) in [("on", true), ("off", false)] {
        let datadog = Datadog::start(&[("remote-config", option)]).await;
        let wanted = json!({"name": "one", "remote_config_read_enabled": true});
        let made = datadog.create(wanted.clone()).await;
        assert_eq!(made["attributes"]["remote_config_read_enabled"], enabled);
        let changed = datadog.update(&made["id"], wanted).await.json();
        assert_eq!(changed["data"]["attributes"]["remote_config_read_enabled"], enabled);
    }
}

#[tokio::test]
async fn a_hidden_value_is_told_at_creation_only() {
    let datadog = Datadog::start(&[("key-after-creation", "hidden")]).await;
    let made = datadog.named("one").await;
    let key = value(&made);
    for answer in [datadog.read(&made["id"]).await, datadog.update(&made["id"], json!({"name": "two"})).await] {
        let attributes = &answer.json()["data"]["attributes"];
        assert_eq!((attributes.get("key"), &attributes["last4"]), (None, &json!(&key[28..])));
    }
    assert_eq!(datadog.validate(VALIDATE, key).await.status, 200);
}

#[tokio::test]
async fn the_attributes_of_the_recordings_are_fewer() {
    let datadog = Datadog::start(&[("attributes", "recorded")]).await;
    let made = datadog.create(json!({"name": "one", "category": "agent"})).await;
    let names = |key: &Value| key["attributes"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), ["created_at", "key", "last4", "modified_at", "name"]);
    let listed = datadog.get(&format!("{KEYS}?filter=one")).await.json()["data"][0].clone();
    assert_eq!(names(&listed), ["created_at", "last4", "modified_at", "name"]);
}

#[tokio::test]
async fn a_managed_key_is_never_told_and_keeps_its_name() {
    let datadog = Datadog::start(&[("managed-key", "true"), ("quota", "2")]).await;
    let listed = datadog.get(&format!("{KEYS}?filter=integration")).await.json();
    let id = &listed["data"][0]["id"];
    assert_eq!(listed["data"][0]["relationships"]["modified_by"], json!({"data": null}));
    assert_eq!(datadog.read(id).await.json()["data"]["attributes"].get("key"), None);
    assert_eq!(datadog.update(id, json!({"name": "mine"})).await.status, 403);
    let kept = json!({"name": "made by an integration", "category": "agent"});
    assert_eq!(datadog.update(id, kept).await.json()["data"]["attributes"].get("key"), None);
    // It does not count: there is room for one more beside the administrator's.
    datadog.named("one").await;
    assert_eq!(datadog.try_create(json!({"name": "two"})).await.status, 400);
    assert_eq!(datadog.delete(id).await.status, 204);
}

#[tokio::test]
async fn a_revoked_key_may_hold_its_name_while_it_can_be_restored() {
    for (option, at_once) in [("free", 201), ("held", 400)] {
        let datadog = Datadog::start(&[("revoked-name", option)]).await;
        let made = datadog.named("one").await;
        datadog.delete(&made["id"]).await;
        assert_eq!(datadog.try_create(json!({"name": "one"})).await.status, at_once);
        datadog.simulator.vendor().clock().advance(Duration::from_secs(7 * 24 * 3600));
        // A creation is when the simulator forgets what cannot be restored any more.
        datadog.named("two").await;
        assert_eq!(datadog.try_create(json!({"name": "one"})).await.status == 201, option == "held");
    }
}

#[tokio::test]
async fn the_time_of_the_last_use_is_told_late() {
    let datadog = Datadog::start(&[("last-used-delay", "3600")]).await;
    let made = datadog.named("one").await;
    let clock = datadog.simulator.vendor().clock().clone();
    let used = async || datadog.read(&made["id"]).await.json()["data"]["attributes"]["date_last_used"].clone();
    datadog.validate(VALIDATE, value(&made)).await;
    assert_eq!(used().await, Value::Null);
    clock.advance(Duration::from_secs(1800));
    datadog.validate(VALIDATE, value(&made)).await;
    clock.advance(Duration::from_secs(1801));
    let first = used().await;
    assert!(is_date(&first) && first.as_str() > made["attributes"]["created_at"].as_str(), "{first}");

    datadog.validate(VALIDATE, value(&made)).await;
    assert_eq!(used().await, first);
    clock.advance(Duration::from_secs(3601));
    assert!(used().await.as_str() > first.as_str());
}

#[tokio::test]
async fn keys_made_by_hand_are_the_second_users_and_each_has_its_name() {
    let datadog = Datadog::start(&[("quota", "1")]).await;
    let ids = [datadog.vendor.issue_by_hand(), datadog.vendor.issue_by_hand()];
    let first = datadog.read(&json!(ids[0])).await.json()["data"].clone();
    let own = datadog.read(&json!(datadog.vendor.administrator_key_id())).await.json()["data"].clone();
    assert_eq!(value(&own), datadog.api_key);
    assert_ne!(first["relationships"]["created_by"], own["relationships"]["created_by"]);
    assert_eq!(datadog.list("?filter=hand").await, ["made by hand", "made by hand 2"]);
}

#[tokio::test]
async fn a_creation_in_doubt_leaves_a_key_that_its_name_finds() {
    for (fault, made) in [("server-error-after", 1), ("server-error", 0)] {
        let datadog = Datadog::start(&[]).await;
        datadog.fault(&format!("{fault}@create*1"));
        let lost = datadog.try_create(json!({"name": "one"})).await;
        assert_eq!(told(&lost), (500, json!({"errors": ["Internal Server Error"]})));
        assert_eq!(datadog.list("?filter=one").await.len(), made);
    }
}

#[tokio::test]
async fn a_fault_strikes_the_operation_that_it_is_for() {
    let datadog = Datadog::start(&[]).await;
    let made = datadog.named("one").await;
    for operation in ["verify", "list", "get", "update", "create", "revoke"] {
        datadog.fault(&format!("server-error@{operation}*1"));
        let answers = [
            datadog.validate(VALIDATE, value(&made)).await,
            datadog.get(KEYS).await,
            datadog.read(&made["id"]).await,
            datadog.update(&made["id"], json!({"name": "one"})).await,
            datadog.try_create(json!({"name": operation})).await,
        ];
        let struck = answers.iter().filter(|answer| answer.status == 500).count();
        assert_eq!(struck, usize::from(operation != "revoke"), "{operation}");
    }
    assert_eq!(datadog.delete(&made["id"]).await.status, 500);
    assert_eq!(datadog.delete(&made["id"]).await.status, 204);
}

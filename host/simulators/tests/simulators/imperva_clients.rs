//! The life of an API client.

use std::time::Duration;

use http::Method;
use keywright_simulators::Vendor as _;
use serde_json::{Value, json};

use crate::imperva::{CLIENTS, Imperva, Key, in_days};

#[tokio::test]
async fn an_api_client_is_created_read_changed_and_deleted() {
    let imperva = Imperva::start(&[]).await;
    let date = in_days(30);
    let body = json!({"name": "First", "description": "Last", "expirationDate": date, "enabled": true});
    let created = imperva.create_with("", body).await;
    let id = created["id"].clone();
    assert!(id.is_u64());
    assert_eq!(created["apiKey"].as_str().unwrap().len(), 36);
    let expected = json!({
        "id": id, "userEmail": "admin@example.com", "name": "First", "description": "Last",
        "apiKey": created["apiKey"], "enabled": true, "expirationDate": date, "lastActionTime": null,
    });
    assert_eq!(created, expected);

    let mut stored = created.clone();
    stored.as_object_mut().unwrap().remove("apiKey");
    assert_eq!(imperva.stored(&id).await, stored);

    let changed = imperva.update(&id, json!({"name": "Second", "enabled": false})).await;
    assert_eq!(changed.status, 200);
    let changed = changed.json();
    assert_eq!(
        (&changed["name"], &changed["enabled"], &changed["apiKey"]),
        (&json!("Second"), &json!(false), &Value::Null)
    );
    assert_eq!((&changed["description"], &changed["expirationDate"]), (&json!("Last"), &json!(date)));

    let deleted = imperva.delete(&id).await;
    assert_eq!((deleted.status.as_u16(), deleted.body.len()), (204, 0));
    assert_eq!(imperva.read(&id).await.json()["data"], json!([]));
    assert_eq!(imperva.delete(&id).await.status, 404);
    assert_eq!(imperva.update(&id, json!({"name": "x"})).await.status, 404);
}

#[tokio::test]
async fn an_api_key_works_from_creation_to_deletion_and_is_not_another_ones() {
    let imperva = Imperva::start(&[]).await;
    let created = imperva.create(json!({"name": "First"})).await;
    let key = Key::of(&created);
    assert!(imperva.works(&key).await);
    assert!(!imperva.works(&Key { id: imperva.own.id.clone(), ..key.clone() }).await);
    assert!(!imperva.works(&Key { api_key: imperva.own.api_key.clone(), ..key.clone() }).await);
    imperva.delete(&created["id"]).await;
    assert!(!imperva.works(&key).await);
}

#[tokio::test]
async fn a_disabled_api_client_is_refused_in_one_of_two_ways() {
    for (option, status) in [("200", 200), ("401", 401)] {
        let imperva = Imperva::start(&[("disabled", option)]).await;
        let created = imperva.create(json!({"name": "First"})).await;
        imperva.update(&created["id"], json!({"enabled": false})).await;
        let answer = imperva.send_as(&Key::of(&created), Method::GET, CLIENTS, None).await;
        assert_eq!(answer.status, status);
        assert!(String::from_utf8_lossy(&answer.body).contains("Disabled API Key"), "{answer:?}");
        if status == 200 {
            assert_eq!(answer.json()["res"], 9418);
        }
        imperva.update(&created["id"], json!({"enabled": true})).await;
        assert!(imperva.works(&Key::of(&created)).await);
    }
}

#[tokio::test]
async fn a_regenerated_api_key_works_and_the_old_one_does_not() {
    let imperva = Imperva::start(&[]).await;
    let created = imperva.create(json!({"name": "First"})).await;
    let renewed = imperva.update(&created["id"], json!({"regenerate": true})).await.json();
    assert_eq!(renewed["id"], created["id"]);
    assert_ne!(renewed["apiKey"], created["apiKey"]);
    assert!(imperva.works(&Key::of(&renewed)).await);
    assert!(!imperva.works(&Key::of(&created)).await);
}

#[tokio::test]
async fn a_new_date_makes_a_new_api_key_only_where_it_is_so_chosen() {
    for (option, renewed) in [("false", false), ("true", true)] {
        let imperva = Imperva::start(&[("date-regenerates", option)]).await;
        let created = imperva.create(json!({"name": "First", "expirationDate": in_days(30)})).await;
        let changed = imperva.update(&created["id"], json!({"expirationDate": in_days(60)})).await.json();
        assert_eq!(changed["apiKey"].is_string(), renewed);
        assert_eq!(imperva.works(&Key::of(&created)).await, !renewed);
    }
}

#[tokio::test]
async fn an_api_key_ends_at_its_expiry_and_its_client_is_shown_or_not() {
    for (option, shown) in [("true", 1), ("false", 0)] {
        let imperva = Imperva::start(&[("expired-shown", option)]).await;
        let created = imperva.create(json!({"name": "First", "expirationDate": in_days(1)})).await;
        assert!(imperva.works(&Key::of(&created)).await);
        imperva.vendor.clock().advance(Duration::from_secs(25 * 3600));
        assert!(!imperva.works(&Key::of(&created)).await);
        assert_eq!(imperva.read(&created["id"]).await.json()["data"].as_array().unwrap().len(), shown);
    }
}

#[tokio::test]
async fn a_new_api_key_is_refused_until_it_has_spread() {
    let imperva = Imperva::start(&[("consistency-delay", "60000")]).await;
    let created = imperva.create(json!({"name": "First"})).await;
    let early = imperva.send_as(&Key::of(&created), Method::GET, CLIENTS, None).await;
    assert_eq!(early.status, 401);
    imperva.vendor.clock().advance(Duration::from_secs(61));
    assert!(imperva.works(&Key::of(&created)).await);
}

#[tokio::test]
async fn what_is_left_out_of_a_creation_is_chosen() {
    let imperva = Imperva::start(&[]).await;
    let created = imperva.create_with("", json!({"name": "First"})).await;
    assert_eq!((&created["enabled"], &created["expirationDate"]), (&json!(false), &Value::Null));
    assert_eq!(created["description"], "");

    let imperva = Imperva::start(&[("omitted-enabled", "true"), ("default-lifetime", "3600")]).await;
    let created = imperva.create_with("", json!({"name": "First"})).await;
    assert_eq!(created["enabled"], true);
    assert!(created["expirationDate"].is_string());
    assert!(imperva.works(&Key::of(&created)).await);
    imperva.vendor.clock().advance(Duration::from_secs(3601));
    assert!(!imperva.works(&Key::of(&created)).await);
}

#[tokio::test]
async fn a_description_can_be_emptied_or_not() {
    for (option, status, left) in [("clear", 200, ""), ("ignore", 200, "Last"), ("refuse", 400, "Last")] {
        let imperva = Imperva::start(&[("empty-description", option)]).await;
        let created = imperva.create(json!({"name": "First", "description": "Last"})).await;
        assert_eq!(imperva.update(&created["id"], json!({"description": ""})).await.status, status);
        assert_eq!(imperva.stored(&created["id"]).await["description"], left, "{option}");
    }
}

#[tokio::test]
async fn a_field_without_a_value_is_told_as_chosen() {
    for (option, told) in [("null", Some(Value::Null)), ("missing", None), ("empty", Some(json!("")))] {
        let imperva = Imperva::start(&[("nothing", option)]).await;
        let created = imperva.create(json!({"name": "First"})).await;
        let changed = imperva.update(&created["id"], json!({"name": "Second"})).await.json();
        for field in ["apiKey", "expirationDate", "lastActionTime"] {
            assert_eq!(changed.get(field).cloned(), told, "{option} {field}");
        }
        assert!(imperva.stored(&created["id"]).await.get("apiKey").is_none());
    }
}

#[tokio::test]
async fn the_last_use_is_told_as_a_date_or_in_milliseconds() {
    for (option, is_text) in [("text", true), ("milliseconds", false)] {
        let imperva = Imperva::start(&[("last-action-time", option)]).await;
        let own = imperva.own.id.parse::<u64>().unwrap();
        let stored = imperva.stored(&json!(own)).await;
        assert_eq!(stored["lastActionTime"].is_string(), is_text, "{stored}");
        assert_eq!(stored["lastActionTime"].is_i64(), !is_text, "{stored}");
    }
}

#[tokio::test]
async fn a_client_made_by_hand_is_the_administrators() {
    let imperva = Imperva::start(&[]).await;
    let id: u64 = imperva.vendor.issue_by_hand().parse().unwrap();
    let stored = imperva.stored(&json!(id)).await;
    assert_eq!((&stored["name"], &stored["userEmail"]), (&json!("made by hand"), &json!("admin@example.com")));
}

#[tokio::test]
async fn the_sample_can_be_created_and_changed() {
    let imperva = Imperva::start(&[]).await;
    let sample = imperva.vendor.sample();
    let created = imperva.create_with("", sample.attributes).await;
    assert!(imperva.works(&Key::of(&created)).await);
    let changed = imperva.update(&created["id"], sample.change).await.json();
    assert_eq!(changed["description"], "changed by keywright demo");
}

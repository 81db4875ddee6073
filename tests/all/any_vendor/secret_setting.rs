//! A secret of the account's own in the body of a request.

use keywright_tests::{Reply, ScriptedVendor};
use serde_json::{Value, json};

use super::keys::{CREDENTIAL, Keys};
use super::stage::{Stage, secret};

const GRANT: &str = "
    create POST   https://api.vendor.example/keys? sends settings.pin=/approval/pin mints secret=/secret
    get    GET    https://api.vendor.example/keys/{id}?
    list   GET    https://api.vendor.example/keys?
    verify GET    https://api.vendor.example/self? as key
    revoke DELETE https://api.vendor.example/keys/{id}?
";

const PIN: &str = "the-pin \"4711\"";

/// A vendor that shows what it was sent.
async fn vendor() -> ScriptedVendor {
    let keys = Keys::default();
    ScriptedVendor::start(move |request| {
        let body = match keys.creation(request, &keys.caller(request)) {
            Ok(body) => body,
            Err(answer) => return answer,
        };
        if body["approval"]["pin"] != PIN {
            return Reply::json(403, &json!({"error": "not approved"}));
        }
        let id = keys.make(|_| "a-secret-for-a-pin".to_owned());
        Reply::json(201, &json!({"id": id, "secret": "a-secret-for-a-pin", "request": body, "name": body["name"]}))
    })
    .await
}

async fn stage(guest: &str) -> Stage {
    Stage::set(vendor().await, guest, GRANT, json!({"pin": PIN}), CREDENTIAL).await
}

#[tokio::test]
async fn a_key_lives_its_whole_life() {
    let stage = stage("secret_setting").await;
    let issued = stage.create(json!({"name": "ci"})).await.unwrap();
    assert_eq!(secret(&issued), "a-secret-for-a-pin");
    stage.lives_and_ends(&issued).await;
    let arrived = stage.vendor.arrived();
    let with_the_pin = arrived.iter().filter(|request| format!("{request:?}").contains("4711"));
    assert_eq!(with_the_pin.count(), 1);
}

#[tokio::test]
async fn the_twin_does_not_see_the_setting() {
    let stage = stage("hostile_secret_setting").await;
    let (issued, seen) = stage.sees("setting").await;
    assert!(seen.starts_with("secret-") && !seen.contains("4711"), "{seen}");
    assert!(seen.contains(r#""pin":"[redacted]""#), "{seen}");
    assert!(!format!("{issued:?}").contains("4711"));
}

#[tokio::test]
async fn elsewhere_the_handle_is_a_handle() {
    let stage = stage("hostile_secret_setting").await;
    stage.attack("elsewhere").await.unwrap();
    let body: Value = serde_json::from_slice(&stage.vendor.arrived()[0].body).unwrap();
    assert!(body["name"].as_str().unwrap().starts_with("secret-"), "{body}");
    assert_eq!(body["approval"]["pin"], PIN);
}

#[tokio::test]
async fn nothing_else_stands_in_its_place() {
    let stage = stage("hostile_secret_setting").await;
    for attack in ["own value", "within more", "in a list"] {
        stage.breaks_the_contract(attack, "did not put the handle that it was given").await;
    }
}

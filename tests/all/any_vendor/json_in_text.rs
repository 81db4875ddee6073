//! One path for everything, and a secret in JSON in a string.

use keywright_egress::DenialReason;
use keywright_tests::{Arrived, Reply, ScriptedVendor};
use serde_json::{Value, json};

use super::keys::{CREDENTIAL, Caller, Keys};
use super::stage::{Stage, secret};

const GRANT: &str = r#"
    create POST https://api.vendor.example/call? where json /method = keys.create mints secret=json:/result/content#/secret
    get    POST https://api.vendor.example/call? where json /method = keys.get
    list   POST https://api.vendor.example/call? where json /method = keys.list
    revoke POST https://api.vendor.example/call? where json /method = keys.delete
    verify POST https://api.vendor.example/call? as key where json /method = keys.self
"#;

const SECRET: &str = "a \"secret\" in a text";

fn answer(keys: &Keys, request: &Arrived) -> Reply {
    assert_eq!(request.header("content-type"), "application/json");
    let call: Value = serde_json::from_slice(&request.body).expect("JSON");
    let id = call["params"]["id"].as_str().unwrap_or_default();
    let result = |content: Value| Reply::json(200, &json!({"result": {"content": content.to_string()}}));
    match (keys.caller(request), call["method"].as_str().unwrap_or_default()) {
        (Caller::Key(id), "keys.self") => result(json!({"id": id})),
        (Caller::Administrator, "keys.create") => {
            let id = keys.make(|_| SECRET.to_owned());
            let key = json!({"id": id, "secret": SECRET, "name": call["params"]["name"]}).to_string();
            Reply::json(200, &json!({"result": {"content": key, "log": format!("made {SECRET}")}}))
        }
        (Caller::Administrator, "keys.list") => result(json!({"ids": keys.ids()})),
        (Caller::Administrator, "keys.get") if keys.known_by(id).is_some() => result(json!({"id": id})),
        (Caller::Administrator, "keys.delete") if keys.end(id) => result(json!({})),
        (Caller::Administrator, _) => Reply::json(404, &json!({"error": "not found"})),
        _ => Reply::empty(401),
    }
}

pub(super) async fn vendor(keys: &Keys) -> ScriptedVendor {
    let keys = keys.clone();
    ScriptedVendor::start(move |request| answer(&keys, request)).await
}

#[tokio::test]
async fn a_key_lives_its_whole_life() {
    let stage = Stage::set(vendor(&Keys::default()).await, "json_in_text", GRANT, json!({}), CREDENTIAL).await;
    let issued = stage.create(json!({"name": "grün"})).await.unwrap();
    assert_eq!(secret(&issued), SECRET);
    stage.lives_and_ends(&issued).await;
}

#[tokio::test]
async fn the_twin_does_not_see_the_secret_in_a_text() {
    let stage = Stage::hostile(vendor(&Keys::default()).await, "json_in_text", GRANT, json!({}), CREDENTIAL).await;
    let (issued, seen) = stage.sees("secret").await;
    assert_eq!(secret(&issued), SECRET);
    assert!(!seen.contains("in a text") && seen.contains("made [redacted]"), "{seen}");
    assert!(seen.contains(r#"\"secret\":\"secret-"#), "{seen}");
}

#[tokio::test]
async fn a_list_ends_no_key() {
    let keys = Keys::default();
    let stage = Stage::hostile(vendor(&keys).await, "json_in_text", GRANT, json!({}), CREDENTIAL).await;
    stage.create(json!({})).await.unwrap();
    for (attack, reason) in [
        ("another method", DenialReason::Demand),
        ("list of methods", DenialReason::Demand),
        ("batch", DenialReason::Demand),
        ("method behind the other", DenialReason::Duplicate),
        ("method before the other", DenialReason::Duplicate),
        ("other spelling", DenialReason::Duplicate),
        ("escaped name", DenialReason::Duplicate),
        // Not the one that is demanded: the body that is sent has every member once.
        ("other parameters twice", DenialReason::Duplicate),
        ("two documents", DenialReason::Body),
        ("in the query", DenialReason::QueryKey),
        ("plain text", DenialReason::ContentType),
        ("form", DenialReason::ContentType),
        ("other encoding", DenialReason::ContentType),
    ] {
        stage.list_is_denied(attack, reason).await;
    }
    assert_eq!(keys.ids(), ["k1"]);
}

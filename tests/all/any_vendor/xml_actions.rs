//! Actions in forms, and secrets in XML.

use keywright_egress::DenialReason;
use keywright_runtime::CallError;
use keywright_tests::{Arrived, Reply, ScriptedVendor};
use serde_json::json;

use super::keys::{CREDENTIAL, Caller, Keys};
use super::stage::{Stage, secret};

const GRANT: &str = "
    create POST https://api.vendor.example/? where form Action = CreateKey mints secret=xml:/CreateKeyResponse/Key/Secret
    get    POST https://api.vendor.example/? where form Action = GetKey
    list   POST https://api.vendor.example/? where form Action = ListKeys
    revoke POST https://api.vendor.example/? where form Action = DeleteKey
    verify POST https://api.vendor.example/? as key where form Action = GetSelf
";

const SECRET: &str = "a<secret>in&XML";
const ESCAPED: &str = "a&lt;secret&gt;in&#38;XML";

fn answer(keys: &Keys, request: &Arrived) -> Reply {
    assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
    let form = String::from_utf8_lossy(&request.body).into_owned();
    let field = |name: &str| form.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap_or("");
    let xml = |text: String| Reply::new(200, "text/xml", format!("<?xml version=\"1.0\"?>\n{text}"));
    match (keys.caller(request), field("Action")) {
        (Caller::Key(id), "GetSelf") => xml(format!("<GetSelfResponse><Id>{id}</Id></GetSelfResponse>")),
        (Caller::Administrator, "CreateKey") if request.header("accept") == "application/json" => {
            let id = keys.make(|_| SECRET.to_owned());
            Reply::json(200, &json!({"CreateKeyResponse": {"Key": {"Id": id, "Secret": SECRET}}}))
        }
        (Caller::Administrator, "CreateKey") => {
            let id = keys.make(|_| SECRET.to_owned());
            // The secret once more, where no rule says that one is.
            xml(format!(
                "<a:CreateKeyResponse xmlns:a=\"urn:a\"><a:Key><a:Id>{id}</a:Id><a:Secret>{ESCAPED}</a:Secret></a:Key>\
                 <a:Note><![CDATA[use {SECRET}]]></a:Note></a:CreateKeyResponse>"
            ))
        }
        (Caller::Administrator, "ListKeys") => {
            let keys: String = keys.ids().iter().map(|id| format!("<Key><Id>{id}</Id></Key>")).collect();
            xml(format!("<ListKeysResponse>{keys}</ListKeysResponse>"))
        }
        (Caller::Administrator, "GetKey") if keys.known_by(field("Id")).is_some() => {
            xml("<GetKeyResponse/>".to_owned())
        }
        (Caller::Administrator, "DeleteKey") if keys.end(field("Id")) => xml("<DeleteKeyResponse/>".to_owned()),
        (Caller::Administrator, _) => Reply::new(404, "text/xml", "<Error><Code>NoSuchEntity</Code></Error>"),
        _ => Reply::empty(401),
    }
}

async fn vendor(keys: &Keys) -> ScriptedVendor {
    let keys = keys.clone();
    ScriptedVendor::start(move |request| answer(&keys, request)).await
}

async fn hostile(keys: &Keys) -> Stage {
    Stage::hostile(vendor(keys).await, "xml_actions", GRANT, json!({}), CREDENTIAL).await
}

#[tokio::test]
async fn a_key_lives_its_whole_life() {
    let stage = Stage::set(vendor(&Keys::default()).await, "xml_actions", GRANT, json!({}), CREDENTIAL).await;
    let issued = stage.create(json!({})).await.unwrap();
    assert_eq!(secret(&issued), SECRET);
    stage.lives_and_ends(&issued).await;
}

#[tokio::test]
async fn the_twin_does_not_see_the_secret() {
    let stage = hostile(&Keys::default()).await;
    let (issued, seen) = stage.sees("secret").await;
    assert_eq!(secret(&issued), SECRET);
    assert!(!seen.contains("in&") && seen.contains("<a:Secret>secret-"), "{seen}");
}

/// The form of an answer that holds a secret is the rule's: it cannot ask for another one.
#[tokio::test]
async fn the_twin_cannot_ask_for_another_form() {
    let keys = Keys::default();
    let stage = hostile(&keys).await;
    let error = stage.attack("secret in JSON").await.unwrap_err();
    assert!(matches!(&error, CallError::ReservedHeader { header, .. } if header == "accept"), "{error:?}");
}

#[tokio::test]
async fn a_creation_ends_no_key() {
    let keys = Keys::default();
    let stage = hostile(&keys).await;
    stage.create(json!({})).await.unwrap();
    stage.create_is_denied("another action", DenialReason::Demand).await;
    assert_eq!(keys.ids(), ["k1"]);
}

#[tokio::test]
async fn a_list_ends_no_key() {
    let keys = Keys::default();
    let stage = hostile(&keys).await;
    stage.create(json!({})).await.unwrap();
    for (attack, reason) in [
        ("another action", DenialReason::Demand),
        ("action behind the other", DenialReason::Duplicate),
        ("action before the other", DenialReason::Duplicate),
        ("other spelling", DenialReason::Duplicate),
        ("encoded name", DenialReason::Duplicate),
        ("list of actions", DenialReason::Duplicate),
        ("semicolon", DenialReason::Body),
        ("in the query", DenialReason::QueryKey),
        ("JSON", DenialReason::ContentType),
        ("plain text", DenialReason::ContentType),
        ("other encoding", DenialReason::ContentType),
        ("two types", DenialReason::ContentType),
    ] {
        stage.list_is_denied(attack, reason).await;
    }
    assert_eq!(keys.ids(), ["k1"]);
}

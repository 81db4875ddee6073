//! An answer that is the secret and nothing else.

use keywright_runtime::CallError;
use keywright_tests::{Reply, ScriptedVendor, exposed};
use serde_json::json;

use super::keys::{CREDENTIAL, Caller, Keys};
use super::stage::{Stage, in_doubt, secret};

const GRANT: &str = "
    create PUT    https://api.vendor.example/keys/{id}? mints secret=text
    get    GET    https://api.vendor.example/keys/{id}?
    list   GET    https://api.vendor.example/keys?
    verify GET    https://api.vendor.example/self? as key
    revoke DELETE https://api.vendor.example/keys/{id}?
";

const SECRET: &str = "a-secret-that-is-all-there-is";

async fn vendor() -> ScriptedVendor {
    let keys = Keys::default();
    ScriptedVendor::start(move |request| {
        let caller = keys.caller(request);
        match (&caller, request.method.as_str(), request.path.strip_prefix("/keys/")) {
            (Caller::Administrator, "PUT", Some(id)) => {
                keys.keep(id, SECRET);
                match request.header("accept") {
                    "application/json" => Reply::json(200, &json!({"id": id, "secret": SECRET})),
                    _ => Reply::new(200, "text/plain", format!("{SECRET}\r\n")).header("etag", format!("\"{SECRET}\"")),
                }
            }
            _ => keys.answer(request, &caller),
        }
    })
    .await
}

#[tokio::test]
async fn a_key_lives_its_whole_life() {
    let stage = Stage::set(vendor().await, "whole_text", GRANT, json!({}), CREDENTIAL).await;
    let issued = stage.create(json!({"id": "k1"})).await.unwrap();
    assert_eq!(secret(&issued), SECRET);
    assert_eq!(issued.warnings, [""; 0]);
    stage.lives_and_ends(&issued).await;
}

#[tokio::test]
async fn the_twin_sees_a_handle_alone() {
    let stage = Stage::hostile(vendor().await, "whole_text", GRANT, json!({}), CREDENTIAL).await;
    let (issued, seen) = stage.sees("secret").await;
    assert_eq!(secret(&issued), SECRET);
    assert!(seen.starts_with("etag: \"[redacted]\"\nsecret-") && !seen.contains(SECRET), "{seen}");
}

/// The form of an answer that holds a secret is the rule's: it cannot ask for another one.
#[tokio::test]
async fn the_twin_cannot_ask_for_another_form() {
    let stage = Stage::hostile(vendor().await, "whole_text", GRANT, json!({}), CREDENTIAL).await;
    let error = stage.attack("secret in JSON").await.unwrap_err();
    assert!(matches!(&error, CallError::ReservedHeader { header, .. } if header == "accept"), "{error:?}");
}

#[tokio::test]
async fn half_a_handle_stands_for_nothing() {
    let stage = Stage::hostile(vendor().await, "whole_text", GRANT, json!({}), CREDENTIAL).await;
    let (cause, minted) = in_doubt(stage.attack("half of it").await);
    assert!(matches!(cause, CallError::Contract { .. }), "{cause:?}");
    assert_eq!(exposed(&minted, "secret"), SECRET);
}

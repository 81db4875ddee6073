//! A secret in a header of the answer.

use keywright_runtime::CallError;
use keywright_tests::{Reply, ScriptedVendor, exposed};
use serde_json::json;

use super::keys::{CREDENTIAL, Keys};
use super::stage::{Stage, in_doubt, secret};

const GRANT: &str = "
    create POST   https://api.vendor.example/keys? mints secret=header:x-subject-token
    get    GET    https://api.vendor.example/keys/{id}?
    list   GET    https://api.vendor.example/keys?
    verify GET    https://api.vendor.example/self? as key
    revoke DELETE https://api.vendor.example/keys/{id}?
";

const SECRET: &str = "a-secret-in-a-header";

/// A vendor that repeats the secret elsewhere, or lets its caller choose it.
async fn vendor() -> ScriptedVendor {
    let keys = Keys::default();
    ScriptedVendor::start(move |request| {
        let body = match keys.creation(request, &keys.caller(request)) {
            Ok(body) => body,
            Err(answer) => return answer,
        };
        let secret = body["token"].as_str().unwrap_or(SECRET).to_owned();
        let id = keys.make(|_| secret.clone());
        Reply::json(201, &json!({"id": id, "hint": format!("use {secret}")}))
            .header("x-subject-token", secret.clone())
            .header("x-copy", secret.clone())
            .header("link", format!("</self?key={secret}>; rel=\"self\""))
    })
    .await
}

#[tokio::test]
async fn a_key_lives_its_whole_life() {
    let stage = Stage::set(vendor().await, "header_secret", GRANT, json!({}), CREDENTIAL).await;
    let issued = stage.create(json!({})).await.unwrap();
    assert_eq!(secret(&issued), SECRET);
    stage.lives_and_ends(&issued).await;
}

#[tokio::test]
async fn the_twin_does_not_see_the_secret_in_any_header() {
    let stage = Stage::hostile(vendor().await, "header_secret", GRANT, json!({}), CREDENTIAL).await;
    let (issued, seen) = stage.sees("secret").await;
    assert_eq!(secret(&issued), SECRET);
    assert!(!seen.contains(SECRET), "{seen}");
    for expected in ["x-subject-token: secret-", "x-copy: [redacted]", "</self?key=[redacted]>", "use [redacted]"] {
        assert!(seen.contains(expected), "{expected}: {seen}");
    }
}

#[tokio::test]
async fn a_secret_that_the_twin_chose_is_not_taken_for_one() {
    let stage = Stage::hostile(vendor().await, "header_secret", GRANT, json!({}), CREDENTIAL).await;
    let (cause, minted) = in_doubt(stage.attack("own secret").await);
    assert!(matches!(cause, CallError::Contract { operation: "create", .. }), "{cause:?}");
    assert!(cause.to_string().contains("in the place of a secret what the adapter had sent"), "{cause}");
    // The key exists, and is to be ended.
    assert_eq!(exposed(&minted, "secret"), "chosen-by-the-author");
}

#[tokio::test]
async fn the_twin_uses_no_key_by_its_handle() {
    let stage = Stage::hostile(vendor().await, "header_secret", GRANT, json!({}), CREDENTIAL).await;
    let issued = stage.attack("handle in a header").await.unwrap();
    assert!(issued.warnings[0].message.contains("no rule allows it"), "{:?}", issued.warnings);
    assert_eq!(stage.vendor.lines(), ["POST /keys"]);
}

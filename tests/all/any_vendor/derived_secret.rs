//! A secret that the host derives from another.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keywright_runtime::CallError;
use keywright_tests::{Arrived, Reply, ScriptedVendor, exposed};
use serde_json::json;

use super::keys::{ADMINISTRATOR, CREDENTIAL, Caller, Keys};
use super::stage::{Stage, in_doubt, secret};

const GRANT: &str = "
    create POST   https://api.vendor.example/keys? mints secret=/secret
    get    GET    https://api.vendor.example/keys/{id}?
    list   GET    https://api.vendor.example/keys?
    verify GET    https://api.vendor.example/self? as access
    revoke DELETE https://api.vendor.example/keys/{id}?
";

const SECRET: &str = "abc-token-of-the-vendor";

fn sha256_hex(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn caller(keys: &Keys, request: &Arrived) -> Caller {
    if request.header("x-token") == ADMINISTRATOR {
        return Caller::Administrator;
    }
    let proven = || {
        let decoded = STANDARD.decode(request.header("authorization").strip_prefix("Basic ")?).ok()?;
        let decoded = String::from_utf8(decoded).ok()?;
        let (id, password) = decoded.split_once(':')?;
        (sha256_hex(&keys.known_by(id)?) == password).then(|| id.to_owned())
    };
    proven().map_or(Caller::Nobody, Caller::Key)
}

async fn vendor() -> ScriptedVendor {
    let keys = Keys::default();
    ScriptedVendor::start(move |request| {
        let body = match keys.creation(request, &caller(&keys, request)) {
            Ok(body) => body,
            Err(answer) => return answer,
        };
        let secret = body["token"].as_str().unwrap_or(SECRET).to_owned();
        let id = keys.make(|_| secret.clone());
        Reply::json(201, &json!({"id": id, "secret": secret}))
    })
    .await
}

async fn hostile() -> Stage {
    Stage::hostile(vendor().await, "derived_secret", GRANT, json!({}), CREDENTIAL).await
}

#[tokio::test]
async fn a_token_lives_its_whole_life_by_what_is_derived_from_it() {
    let stage = Stage::set(vendor().await, "derived_secret", GRANT, json!({}), CREDENTIAL).await;
    let issued = stage.create(json!({})).await.unwrap();
    assert_eq!(secret(&issued), SECRET);
    assert_eq!(exposed(&issued.parts, "secret_access_key"), sha256_hex(SECRET));
    stage.lives_and_ends(&issued).await;
}

#[tokio::test]
async fn what_the_twin_derives_is_not_taken() {
    let stage = hostile().await;
    let issued = stage.attack("derived part handed back").await.unwrap();
    assert_eq!(exposed(&issued.parts, "secret_access_key"), sha256_hex(SECRET));
}

#[tokio::test]
async fn without_the_token_nothing_is_derived() {
    let stage = hostile().await;
    let (cause, minted) = in_doubt(stage.attack("no token").await);
    assert!(matches!(cause, CallError::Contract { operation: "create", .. }), "{cause:?}");
    assert_eq!(exposed(&minted, "secret"), SECRET);
}

#[tokio::test]
async fn a_token_that_the_twin_chose_is_not_taken_for_one() {
    let stage = hostile().await;
    let (cause, _) = in_doubt(stage.attack("own token").await);
    assert!(cause.to_string().contains("in the place of a secret what the adapter had sent"), "{cause}");
}

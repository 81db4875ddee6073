//! A key in the query of every request.

use keywright_egress::DenialReason;
use keywright_runtime::CallError;
use keywright_tests::{Arrived, Reply, ScriptedVendor};
use serde_json::json;

use super::keys::{Caller, Keys};
use super::stage::{Stage, secret};

pub(super) const CREDENTIAL: &[(&str, &str)] = &[("id", "k0"), ("secret", "the key of the administrator/+")];

const GRANT: &str = "
    create POST   https://api.vendor.example/keys? mints secret=/secret
    get    GET    https://api.vendor.example/keys/{id}?
    list   GET    https://api.vendor.example/keys?
    list   GET    https://api.vendor.example/search
    verify GET    https://api.vendor.example/self?
    revoke DELETE https://api.vendor.example/keys/{id}?
";

fn key_of(request: &Arrived) -> String {
    let query = request.query.as_deref().unwrap_or_default();
    let keys: Vec<&str> = query.split('&').filter_map(|pair| pair.strip_prefix("api_key=")).collect();
    let [key] = keys.as_slice() else { return String::new() };
    percent_encoding::percent_decode_str(key).decode_utf8_lossy().into_owned()
}

pub(super) async fn vendor() -> ScriptedVendor {
    let keys = Keys::default();
    ScriptedVendor::start(move |request| {
        let caller = match key_of(request) {
            own if own == CREDENTIAL[1].1 => Caller::Administrator,
            other => keys.of(&other).map_or(Caller::Nobody, Caller::Key),
        };
        let url = format!("{}?{}", request.path, request.query.as_deref().unwrap_or_default());
        match (&caller, request.line().as_str()) {
            (Caller::Administrator, "POST /keys") => {
                let id = keys.make(|_| "a-new-key-of-the-vendor".to_owned());
                let shown = json!({"id": id, "secret": "a-new-key-of-the-vendor", "self": url});
                Reply::json(201, &shown).header("x-url", url)
            }
            (Caller::Administrator, "GET /search") => {
                Reply::empty(302).header("location", format!("https://elsewhere.example{url}"))
            }
            _ => keys.answer(request, &caller),
        }
    })
    .await
}

#[tokio::test]
async fn a_key_lives_its_whole_life() {
    let stage = Stage::set(vendor().await, "query_key", GRANT, json!({}), CREDENTIAL).await;
    let issued = stage.create(json!({})).await.unwrap();
    assert_eq!(secret(&issued), "a-new-key-of-the-vendor");
    stage.lives_and_ends(&issued).await;
    for request in stage.vendor.arrived() {
        let query = request.query.unwrap();
        assert!(query.starts_with("api_key=") && !query.contains('&'), "{query}");
    }
}

#[tokio::test]
async fn the_twin_does_not_see_the_key_in_a_url() {
    let stage = Stage::hostile(vendor().await, "query_key", GRANT, json!({}), CREDENTIAL).await;
    let (issued, seen) = stage.sees("repeated key").await;
    assert!(!seen.contains("administrator") && !seen.contains(&secret(&issued)), "{seen}");
    assert!(seen.contains("x-url: /keys?api_key=[redacted]"), "{seen}");
    assert!(seen.contains(r#""self":"/keys?api_key=[redacted]""#), "{seen}");
}

#[tokio::test]
async fn the_twin_does_not_see_the_key_in_a_redirect() {
    let stage = Stage::hostile(vendor().await, "query_key", GRANT, json!({}), CREDENTIAL).await;
    let error = stage.list("redirect").await.unwrap_err();
    let CallError::Failed(failure) = &error else { panic!("{error:?}") };
    let seen: String = failure.message.chars().rev().collect();
    assert!(seen.contains("location: https://elsewhere.example/search?name=away&api_key=[redacted]"), "{seen}");
    assert_eq!(stage.vendor.lines(), ["GET /search"]);
}

/// The rule allows any key of the query; but not what authenticates, in any spelling.
#[tokio::test]
async fn the_twin_sends_no_key_of_its_own() {
    let stage = Stage::hostile(vendor().await, "query_key", GRANT, json!({}), CREDENTIAL).await;
    for key in ["api_key", "API_KEY", "apikey", "api-key", "api_key[]", "api.key", "access_token"] {
        stage.list_is_denied(key, DenialReason::QueryKey).await;
    }
}

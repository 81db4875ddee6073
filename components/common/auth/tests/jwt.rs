//! What a JWT says.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use keywright_auth::{AuthError, Jwt, JwtAlgorithm, Parts, Values};
use keywright_settings::JsonTemplate;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

fn jwt(claims: Value) -> Jwt {
    Jwt {
        algorithm: JwtAlgorithm::HS256,
        key: "{parts.key}".parse().unwrap(),
        key_id: None,
        claims: JsonTemplate::parse(&claims, &[]).unwrap(),
        lifetime_seconds: 600,
    }
}

fn sign(jwt: &Jwt, key: &str) -> Result<String, AuthError> {
    let parts = Parts::from_iter([("key", key), ("id", "k\"1")]);
    let settings = json!({ "app": 42 });
    let now: DateTime<Utc> = DateTime::UNIX_EPOCH + TimeDelta::seconds(1_000_000);
    let values = Values { settings: settings.as_object().unwrap(), parts: &parts, now, nonce: [1; 16] };
    Ok(jwt.sign(&values)?.expose_secret().to_owned())
}

fn part(jwt: &str, at: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(jwt.split('.').nth(at).unwrap()).unwrap()).unwrap()
}

#[test]
fn the_claims_are_expanded_and_the_times_added() {
    let claims = json!({ "iss": "{settings.app}", "aud": ["a", "{parts.id}"], "admin": true, "n": 1.5 });
    let signed = sign(&jwt(claims), "s").unwrap();
    assert_eq!(signed.split('.').count(), 3);
    assert_eq!(part(&signed, 0), json!({ "alg": "HS256", "typ": "JWT" }));
    assert_eq!(
        part(&signed, 1),
        json!({
            "iss": "42", "aud": ["a", "k\"1"], "admin": true, "n": 1.5,
            "iat": 999_940, "exp": 1_000_540, "jti": "01010101010101010101010101010101",
        })
    );
}

#[test]
fn a_short_life_starts_a_tenth_of_it_ago() {
    let signed = sign(&Jwt { lifetime_seconds: 100, ..jwt(json!({})) }, "s").unwrap();
    let claims = part(&signed, 1);
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(999_990), &json!(1_000_090)));
}

#[test]
fn a_key_is_named_in_the_header() {
    let signed = sign(&Jwt { key_id: Some("{parts.id}".parse().unwrap()), ..jwt(json!({})) }, "s").unwrap();
    assert_eq!(part(&signed, 0), json!({ "alg": "HS256", "typ": "JWT", "kid": "k\"1" }));
}

#[test]
fn a_bearer_header_carries_it() {
    let parts = Parts::from_iter([("key", "s")]);
    let values = Values { settings: &Default::default(), parts: &parts, now: DateTime::UNIX_EPOCH, nonce: [1; 16] };
    let header = jwt(json!({})).bearer(&values).unwrap();
    assert_eq!(header.name(), "authorization");
    assert!(header.value().expose_secret().starts_with("Bearer eyJ"));
    assert!(!format!("{header:?}").contains("eyJ"));
}

#[test]
fn a_key_that_is_not_one_is_named_and_not_quoted() {
    for (algorithm, expected) in [
        (JwtAlgorithm::RS256, "an RSA private key in PEM (PKCS#8 or PKCS#1)"),
        (JwtAlgorithm::ES256, "a P-256 private key in PEM (PKCS#8 or SEC 1) together with its public key"),
        (JwtAlgorithm::EDDSA, "an Ed25519 private key in PEM (PKCS#8)"),
    ] {
        for key in ["s3cr3t", "-----BEGIN PRIVATE KEY-----\nczNjcjN0\n-----END PRIVATE KEY-----\n"] {
            let error = sign(&Jwt { algorithm, ..jwt(json!({})) }, key).unwrap_err();
            assert!(
                error.to_string().starts_with(&format!("the credential's part `key` is not {expected}: ")),
                "{error}"
            );
            assert!(!format!("{error:?}").contains("s3cr3t"), "{error:?}");
        }
    }
}

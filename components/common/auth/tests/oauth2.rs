//! What is asked of a token endpoint, and what its answers mean.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, StatusCode};
use keywright_auth::{ClientCredentials, Parts, RequestToSign, Scheme, Step, Token, TokenError, TokenRequest};
use proptest::prelude::*;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn ask(scope: Option<&str>, settings: Value, id: &str, secret: &str) -> TokenRequest {
    let scheme = Scheme::OAuth2ClientCredentials(ClientCredentials {
        endpoint: "auth".to_owned(),
        path: "/oauth/token".parse().unwrap(),
        client_id: "{parts.client_id}".parse().unwrap(),
        client_secret: "{parts.client_secret}".parse().unwrap(),
        scope: scope.map(|scope| scope.parse().unwrap()),
    });
    let request = RequestToSign {
        method: &Method::GET,
        host: "api.europe-west1.gcp.commercetools.com",
        path: "/my-project/api-clients",
        query: None,
        content_type: None,
        body: b"",
    };
    let parts = Parts::from_iter([("client_id", id), ("client_secret", secret)]);
    match scheme.authenticate(&request, settings.as_object().unwrap(), &parts, NOW).unwrap() {
        Step::GetToken(ask) => ask,
        Step::Send(_) => panic!("a token is needed"),
    }
}

fn user_and_password(ask: &TokenRequest) -> String {
    let (name, value) = &ask.headers[0];
    assert_eq!(name, "authorization");
    let encoded = value.to_str().unwrap().strip_prefix("Basic ").unwrap();
    String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap()
}

fn parse(status: u16, body: &Value) -> Result<Token, TokenError> {
    Token::parse(StatusCode::from_u16(status).unwrap(), body.to_string().as_bytes(), NOW)
}

#[test]
fn a_client_asks_with_basic_and_a_form() {
    let scope = Some("manage_api_clients:{settings.key} view_api_clients:{settings.key}");
    let ask = ask(scope, json!({ "key": "my-project" }), "id-1_2.3", "s3cr3t");
    assert_eq!((ask.endpoint.as_str(), ask.path.as_str()), ("auth", "/oauth/token"));
    assert_eq!(user_and_password(&ask), "id-1_2.3:s3cr3t");
    assert!(ask.headers[0].1.is_sensitive());
    assert_eq!(ask.headers[1].0, "content-type");
    assert_eq!(ask.headers[1].1, "application/x-www-form-urlencoded");
    assert_eq!(
        ask.body,
        "grant_type=client_credentials&scope=manage_api_clients%3Amy-project+view_api_clients%3Amy-project"
    );
}

#[test]
fn without_a_scope_the_server_decides() {
    for scope in [None, Some("{settings.scope?}")] {
        assert_eq!(ask(scope, json!({}), "i", "s").body, "grant_type=client_credentials");
    }
}

#[test]
fn the_client_credential_is_form_encoded_before_it_becomes_basic() {
    let ask = ask(None, json!({}), "a:b c", "p%q+r/é~*");
    assert_eq!(user_and_password(&ask), "a%3Ab+c:p%25q%2Br%2F%C3%A9%7E*");
}

#[test]
fn a_request_prints_nothing_secret() {
    let ask = ask(Some("{parts.client_secret}"), json!({}), "i", "s3cr3t");
    let printed = format!("{ask:?}");
    assert!(!printed.contains("s3cr3t") && !printed.contains("aTpzM2NyM3Q="), "{printed}");
}

#[test]
fn a_token_is_read_with_its_life_and_scope() {
    let token =
        parse(200, &json!({ "access_token": "abc", "token_type": "Bearer", "expires_in": 3600, "scope": "a b" }))
            .unwrap();
    assert_eq!(token.value().expose_secret(), "abc");
    assert_eq!(token.expires_at(), NOW + TimeDelta::hours(1));
    assert_eq!(token.scope(), Some("a b"));
    let (name, value) = token.bearer().unwrap();
    assert_eq!((name.as_str(), value.to_str().unwrap()), ("authorization", "Bearer abc"));
    assert!(value.is_sensitive());
    assert!(!format!("{token:?}").contains("abc"));
}

#[test]
fn a_token_is_fresh_until_shortly_before_its_end() {
    for (life, fresh, stale) in [(3600, 3539, 3540), (100, 89, 90), (10, 8, 9)] {
        let token = parse(200, &json!({ "access_token": "a", "token_type": "bearer", "expires_in": life })).unwrap();
        assert!(token.is_fresh(NOW + TimeDelta::seconds(fresh)), "{life}");
        assert!(!token.is_fresh(NOW + TimeDelta::seconds(stale)), "{life}");
    }
}

#[test]
fn a_token_of_unknown_life_lives_a_minute() {
    for expires_in in [json!(null), json!("soon"), json!(-1), json!(1.5)] {
        let token = parse(200, &json!({ "access_token": "a", "token_type": "BEARER", "expires_in": expires_in }));
        assert_eq!(token.unwrap().expires_at(), NOW + TimeDelta::minutes(1));
    }
    let token = parse(200, &json!({ "access_token": "a", "token_type": "BEARER" }));
    assert_eq!(token.unwrap().expires_at(), NOW + TimeDelta::minutes(1));
}

#[test]
fn a_token_of_endless_life_lives_a_year() {
    let token = parse(200, &json!({ "access_token": "a", "token_type": "bearer", "expires_in": u64::MAX }));
    assert_eq!(token.unwrap().expires_at(), NOW + TimeDelta::days(365));
}

#[test]
fn a_refusal_says_why() {
    let error = parse(
        401,
        &json!({
            "statusCode": 401, "message": "no", "error": "invalid_client",
            "error_description": "Please provide valid client credentials using HTTP Basic Authentication."
        }),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the token endpoint refused with `invalid_client` (Please provide valid client credentials using HTTP Basic \
         Authentication.): check the client credential and the scope it may ask for"
    );
    assert_eq!(
        parse(400, &json!({ "error": "invalid_scope" })).unwrap_err().to_string(),
        "the token endpoint refused with `invalid_scope`: check the client credential and the scope it may ask for"
    );
}

#[test]
fn a_refusal_is_one_even_with_a_status_of_success() {
    let error = parse(200, &json!({ "error": "invalid_grant", "access_token": "a", "token_type": "bearer" }));
    assert!(matches!(error.unwrap_err(), TokenError::Refused { .. }));
}

#[test]
fn the_servers_words_are_bounded_and_printable() {
    let error =
        parse(400, &json!({ "error": "x\u{1b}[31m", "error_description": "a\n\u{202e}".repeat(500) })).unwrap_err();
    let message = error.to_string();
    assert!(!message.contains(|c: char| c.is_control() || c == '\u{202e}'), "{message}");
    assert!(message.len() < 500, "{message}");
}

#[test]
fn other_answers_are_not_quoted() {
    for (status, body, expected) in [
        (502, "<html>s3cr3t</html>", TokenError::Status { status: StatusCode::BAD_GATEWAY }),
        (400, r#"{"message":"s3cr3t"}"#, TokenError::Status { status: StatusCode::BAD_REQUEST }),
        (302, r#"{"access_token":"s3cr3t","token_type":"bearer"}"#, TokenError::Status { status: StatusCode::FOUND }),
        (200, "s3cr3t", TokenError::Malformed),
        (200, "[]", TokenError::Malformed),
        (200, r#"{"access_token":["s3cr3t"],"token_type":"bearer"}"#, TokenError::Malformed),
        (200, r#"{"access_token":"s3cr3t"}"#, TokenError::Malformed),
        (200, r#"{"access_token":"","token_type":"bearer"}"#, TokenError::Malformed),
        (200, r#"{"access_token":"s3cr3t\r\nx","token_type":"bearer"}"#, TokenError::Malformed),
        (200, r#"{"access_token":"s3cr3t","token_type":"mac"}"#, TokenError::TokenType),
    ] {
        let error = Token::parse(StatusCode::from_u16(status).unwrap(), body.as_bytes(), NOW).unwrap_err();
        assert!(!error.to_string().contains("s3cr3t"), "{error}");
        assert_eq!(error, expected, "{body}");
    }
}

#[test]
fn a_refused_client_is_told_from_a_server_that_cannot_answer_now() {
    for (status, body, refuses_client, is_passing) in [
        (401, r#"{"error":"invalid_client"}"#, true, false),
        (400, r#"{"error":"invalid_client"}"#, true, false),
        (401, "", true, false),
        (400, r#"{"error":"invalid_scope"}"#, false, false),
        (403, "<html>", false, false),
        (404, "", false, false),
        (429, "", false, true),
        (503, r#"{"error":"temporarily_unavailable"}"#, false, true),
        (502, "<html>", false, true),
        (200, "<html>", false, true),
        (200, r#"{"access_token":"a","token_type":"mac"}"#, false, false),
    ] {
        let error = Token::parse(StatusCode::from_u16(status).unwrap(), body.as_bytes(), NOW).unwrap_err();
        assert_eq!((error.refuses_client(), error.is_passing()), (refuses_client, is_passing), "{status} {body}");
    }
}

proptest! {
    #[test]
    fn any_client_credential_can_be_decoded_by_the_server(id in "\\PC{1,20}", secret in "\\PC{1,20}") {
        let decode = |text: &str| {
            let text = text.replace('+', " ");
            percent_encoding::percent_decode_str(&text).decode_utf8().unwrap().into_owned()
        };
        let pair = user_and_password(&ask(None, json!({}), &id, &secret));
        let (user, password) = pair.split_once(':').unwrap();
        prop_assert_eq!((decode(user), decode(password)), (id, secret));
    }

    #[test]
    fn any_answer_is_a_token_or_an_error(status in 200u16..600, body in any::<Vec<u8>>()) {
        let _ = Token::parse(StatusCode::from_u16(status).unwrap(), &body, NOW);
    }
}

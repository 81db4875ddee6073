//! What is asked of a token endpoint, and what its answers mean.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, StatusCode};
use keywright_auth::{
    ClientAuthentication, Grant, Jwt, JwtAlgorithm, OAuth2, Parts, Token, TokenError, TokenRequest, Values,
};
use keywright_settings::{JsonTemplate, Template};
use proptest::prelude::*;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn template(text: &str) -> Template {
    text.parse().unwrap()
}

fn oauth2(scope: Option<&str>) -> OAuth2 {
    OAuth2 {
        endpoint: "auth".to_owned(),
        path: template("/oauth/token"),
        grant: Grant::ClientCredentials,
        client: ClientAuthentication::Basic {
            id: template("{parts.client_id}"),
            secret: template("{parts.client_secret}"),
        },
        scope: scope.map(template),
        parameters: Vec::new(),
    }
}

fn jwt(claims: Value) -> Jwt {
    Jwt {
        algorithm: JwtAlgorithm::HS256,
        key: template("{parts.key}"),
        key_id: None,
        claims: JsonTemplate::parse(&claims, &[]).unwrap(),
        lifetime_seconds: 300,
    }
}

fn ask_with(oauth2: &OAuth2, settings: &Value, parts: &Parts) -> TokenRequest {
    let settings = settings.as_object().unwrap();
    oauth2.token_request(&Values { settings, parts, now: NOW, nonce: [7; 16] }).unwrap()
}

fn ask(scope: Option<&str>, settings: Value, id: &str, secret: &str) -> TokenRequest {
    ask_with(&oauth2(scope), &settings, &Parts::from_iter([("client_id", id), ("client_secret", secret)]))
}

fn header<'a>(ask: &'a TokenRequest, name: &str) -> Option<&'a str> {
    ask.headers.iter().find(|header| header.name() == name).map(|header| header.value().expose_secret())
}

fn body(ask: &TokenRequest) -> &str {
    ask.body.expose_secret()
}

/// The fields of the form, decoded.
fn fields(ask: &TokenRequest) -> Vec<(String, String)> {
    let decode =
        |text: &str| percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8().unwrap().into();
    body(ask).split('&').map(|field| field.split_once('=').unwrap()).map(|(n, v)| (decode(n), decode(v))).collect()
}

/// The claims of a JWT.
fn claims(jwt: &str) -> Value {
    let claims = URL_SAFE_NO_PAD.decode(jwt.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

fn user_and_password(ask: &TokenRequest) -> String {
    let encoded = header(ask, "authorization").unwrap().strip_prefix("Basic ").unwrap();
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
    assert_eq!(ask.method, Method::POST);
    assert!(ask.headers.iter().all(|header| header.to_http().unwrap().1.is_sensitive()));
    assert_eq!(header(&ask, "content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(header(&ask, "accept"), Some("application/json"));
    assert_eq!(
        body(&ask),
        "grant_type=client_credentials&scope=manage_api_clients%3Amy-project+view_api_clients%3Amy-project"
    );
}

#[test]
fn without_a_scope_the_server_decides() {
    for scope in [None, Some("{settings.scope?}")] {
        assert_eq!(body(&ask(scope, json!({}), "i", "s")), "grant_type=client_credentials");
    }
}

#[test]
fn the_client_credential_is_form_encoded_before_it_becomes_basic() {
    let ask = ask(None, json!({}), "a:b c", "p%q+r/é~*");
    assert_eq!(user_and_password(&ask), "a%3Ab+c:p%25q%2Br%2F%C3%A9%7E*");
}

#[test]
fn a_client_may_authenticate_in_the_body_or_not_at_all() {
    let parts = Parts::from_iter([("id", "i d"), ("secret", "s&s"), ("refresh_token", "r/1")]);
    let (id, secret) = (template("{parts.id}"), template("{parts.secret}"));
    let in_body = OAuth2 { client: ClientAuthentication::Body { id: id.clone(), secret }, ..oauth2(None) };
    let ask = ask_with(&in_body, &json!({}), &parts);
    assert_eq!(body(&ask), "grant_type=client_credentials&client_id=i+d&client_secret=s%26s");
    assert_eq!(header(&ask, "authorization"), None);

    let grant = Grant::RefreshToken(template("{parts.refresh_token}"));
    for (id, expected) in [
        (Some(id), "grant_type=refresh_token&refresh_token=r%2F1&client_id=i+d"),
        (None, "grant_type=refresh_token&refresh_token=r%2F1"),
    ] {
        let client = ClientAuthentication::None { id };
        let ask = ask_with(&OAuth2 { grant: grant.clone(), client, ..oauth2(None) }, &json!({}), &parts);
        assert_eq!(body(&ask), expected);
        assert_eq!(header(&ask, "authorization"), None);
    }
}

#[test]
fn further_parameters_are_sent_unless_they_are_empty() {
    let parameters = [("audience", "https://{settings.domain}/api/v2/"), ("resource", "{settings.resource?}")];
    let with = OAuth2 {
        parameters: parameters.map(|(name, value)| (name.to_owned(), template(value))).to_vec(),
        ..oauth2(None)
    };
    let parts = Parts::from_iter([("client_id", "i"), ("client_secret", "s")]);
    let ask = ask_with(&with, &json!({ "domain": "x.example" }), &parts);
    assert_eq!(body(&ask), "grant_type=client_credentials&audience=https%3A%2F%2Fx.example%2Fapi%2Fv2%2F");
}

#[test]
fn a_client_may_show_a_jwt_that_names_it() {
    let parts = Parts::from_iter([("id", "client-1"), ("key", "s3cr3t")]);
    let client = |claims| ClientAuthentication::PrivateKeyJwt { id: template("{parts.id}"), jwt: jwt(claims) };
    let with = OAuth2 { client: client(json!({ "aud": "https://{settings.host}/token" })), ..oauth2(None) };
    let ask = ask_with(&with, &json!({ "host": "auth.example.com" }), &parts);
    let fields = fields(&ask);
    assert_eq!(fields[1], ("client_id".to_owned(), "client-1".to_owned()));
    assert_eq!(
        fields[2],
        ("client_assertion_type".to_owned(), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned())
    );
    let (name, assertion) = &fields[3];
    assert_eq!(name, "client_assertion");
    let said = claims(assertion);
    assert_eq!((&said["iss"], &said["sub"]), (&json!("client-1"), &json!("client-1")));
    assert_eq!(said["aud"], "https://auth.example.com/token");
    assert_eq!(ask.secrets().map(|secret| secret.expose_secret()).collect::<Vec<_>>(), [assertion]);

    let own = OAuth2 { client: client(json!({ "iss": "another" })), ..oauth2(None) };
    let said = claims(&self::fields(&ask_with(&own, &json!({}), &parts))[3].1);
    assert_eq!((&said["iss"], &said["sub"]), (&json!("another"), &json!("client-1")));
}

#[test]
fn a_service_account_is_granted_a_token_for_its_jwt() {
    let grant = Grant::JwtBearer(jwt(json!({ "iss": "{parts.email}", "scope": "a b" })));
    let with = OAuth2 { grant, client: ClientAuthentication::None { id: None }, ..oauth2(None) };
    let parts = Parts::from_iter([("email", "a@example.com"), ("key", "s3cr3t")]);
    let ask = ask_with(&with, &json!({}), &parts);
    let fields = fields(&ask);
    assert_eq!(fields[0].1, "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_eq!(fields[1].0, "assertion");
    let said = claims(&fields[1].1);
    assert_eq!((&said["iss"], &said["scope"]), (&json!("a@example.com"), &json!("a b")));
    assert_eq!(said.get("sub"), None);
    assert_eq!(fields.len(), 2);
    assert_eq!(ask.secrets().count(), 1);
}

#[test]
fn the_encoded_pair_of_a_client_is_listed_as_a_secret() {
    let ask = ask(None, json!({}), "i", "s3cr3t");
    assert_eq!(ask.secrets().map(|secret| secret.expose_secret()).collect::<Vec<_>>(), ["aTpzM2NyM3Q="]);
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
    let (name, value) = token.bearer().to_http().unwrap();
    assert_eq!((name.as_str(), value.to_str().unwrap()), ("authorization", "Bearer abc"));
    assert!(value.is_sensitive());
    assert!(!format!("{token:?}").contains("abc"));
}

#[test]
fn a_refresh_token_that_replaces_the_old_one_is_handed_over() {
    let answer = json!({ "access_token": "abc", "token_type": "Bearer", "refresh_token": "next" });
    let token = parse(200, &answer).unwrap();
    assert_eq!(token.refresh_token().unwrap().expose_secret(), "next");
    assert_eq!(token.secrets().map(|secret| secret.expose_secret()).collect::<Vec<_>>(), ["abc", "next"]);
    assert!(!format!("{token:?}").contains("next"));
    for none in [json!(null), json!("")] {
        let answer = json!({ "access_token": "abc", "token_type": "Bearer", "refresh_token": none });
        assert!(parse(200, &answer).unwrap().refresh_token().is_none());
    }
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
        "the token endpoint refused with `invalid_client`: check the credential and the scope it may ask for"
    );
    assert_eq!(
        error.server_message().unwrap().expose(),
        "Please provide valid client credentials using HTTP Basic Authentication."
    );
    assert_eq!(parse(400, &json!({ "error": "invalid_scope" })).unwrap_err().server_message(), None);
}

#[test]
fn what_the_server_says_stays_apart_because_it_may_hold_a_secret() {
    for (code, description, words) in [
        ("invalid_grant", Some("s3cr3t is not known"), "s3cr3t is not known"),
        ("s3cr3t", None, "s3cr3t"),
        ("s3cr3t", Some("no"), "s3cr3t: no"),
    ] {
        let error = parse(400, &json!({ "error": code, "error_description": description })).unwrap_err();
        assert!(!error.to_string().contains("s3cr3t") && !format!("{error:?}").contains("s3cr3t"), "{error:?}");
        assert_eq!(error.server_message().unwrap().expose(), words);
    }
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
    let words = error.server_message().unwrap().expose();
    assert!(!words.contains(|c: char| c.is_control() || c == '\u{202e}'), "{words}");
    assert!(words.len() < 400, "{words}");
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
    for (status, body, rejects_credential, is_temporary) in [
        (401, r#"{"error":"invalid_client"}"#, true, false),
        (400, r#"{"error":"invalid_client"}"#, true, false),
        (401, "", true, false),
        (400, r#"{"error":"invalid_grant"}"#, true, false),
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
        assert_eq!(
            (error.rejects_credential(), error.is_temporary()),
            (rejects_credential, is_temporary),
            "{status} {body}"
        );
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

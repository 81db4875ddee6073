//! Sessions: the login, its answer, and what requests then carry.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, StatusCode};
use keywright_auth::{
    Content, HeaderTemplate, MutualTls, OutgoingRequest, Parts, Prepared, Scheme, Session, Step, Token, TokenError,
    TokenLocation, TokenRequest, Values,
};
use keywright_settings::JsonTemplate;
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

const REQUEST: OutgoingRequest<'static> =
    OutgoingRequest { method: "GET", host: "h", path: "/", query: None, headers: &[], body: b"" };

fn parts() -> Parts {
    Parts::from_iter([("user", "a\"b"), ("password", "p&\n1")])
}

fn session(content: Content, token: TokenLocation) -> Session {
    Session {
        endpoint: "api".to_owned(),
        method: Method::POST,
        path: "/{settings.tenant}/login".parse().unwrap(),
        content,
        headers: vec![HeaderTemplate::parse("X-Client", "keywright").unwrap()],
        token,
        expires_in: Some("/data/expires_in".to_owned()),
        lifetime_seconds: 600,
        request_headers: vec![
            HeaderTemplate::parse_with("X-Session", "v1 {session.token}", Session::VARIABLES).unwrap(),
        ],
    }
}

fn by_json() -> Session {
    let login = json!({ "user": "{parts.user}", "password": "{parts.password}", "mfa": null, "tenants": ["{settings.tenant}"] });
    session(Content::Json(JsonTemplate::parse(&login, &[]).unwrap()), TokenLocation::Json("/data/token".to_owned()))
}

fn scheme(session: Session) -> Scheme {
    let scheme = Scheme { name: "login".to_owned(), steps: vec![Step::Session(session)] };
    scheme.check().unwrap();
    scheme
}

fn prepare(scheme: &Scheme, now: DateTime<Utc>, token: Option<&Token>) -> Prepared {
    let settings = json!({ "tenant": "t1" });
    let parts = parts();
    let values = Values { settings: settings.as_object().unwrap(), parts: &parts, now, nonce: [0; 16] };
    scheme.prepare(&REQUEST, &values, token).unwrap()
}

fn login(session: Session) -> TokenRequest {
    match prepare(&scheme(session), NOW, None) {
        Prepared::GetToken(ask) => ask,
        Prepared::Send(_) => panic!("a login is needed"),
    }
}

fn read(ask: &TokenRequest, status: u16, header: Option<&str>, body: &str) -> Result<Token, TokenError> {
    let header = |name: &str| header.filter(|_| name == "x-subject-token").map(str::to_owned);
    ask.read(StatusCode::from_u16(status).unwrap(), &header, body.as_bytes(), NOW)
}

#[test]
fn a_login_is_sent_as_json() {
    let ask = login(by_json());
    assert_eq!((ask.endpoint.as_str(), ask.path.as_str(), ask.method.as_str()), ("api", "/t1/login", "POST"));
    let body: Value = serde_json::from_str(ask.body.expose_secret()).unwrap();
    assert_eq!(body, json!({ "user": "a\"b", "password": "p&\n1", "mfa": null, "tenants": ["t1"] }));
    let headers: Vec<_> = ask.headers.iter().map(|header| (header.name(), header.value().expose_secret())).collect();
    assert_eq!(
        headers,
        [("accept", "application/json"), ("content-type", "application/json"), ("x-client", "keywright")]
    );
    assert!(!format!("{ask:?}").contains("p&"), "{ask:?}");
}

#[test]
fn a_login_is_sent_as_a_form_or_without_a_body() {
    let form = Content::Form(vec![("user name".to_owned(), "{parts.user}".parse().unwrap())]);
    let place = TokenLocation::Header("X-Subject-Token".to_owned());
    let ask = login(session(form, place.clone()));
    assert_eq!(ask.body.expose_secret(), "user+name=a%22b");
    assert!(ask.headers.iter().any(|header| {
        (header.name(), header.value().expose_secret()) == ("content-type", "application/x-www-form-urlencoded")
    }));
    let ask = login(session(Content::None, place));
    assert_eq!(ask.body.expose_secret(), "");
    assert!(ask.headers.iter().all(|header| header.name() != "content-type"));
}

#[test]
fn a_token_is_read_from_the_body_with_its_life() {
    let ask = login(by_json());
    for (answer, life) in [
        (json!({ "data": { "token": "abc", "expires_in": 120 } }), 120),
        (json!({ "data": { "token": "abc", "expires_in": "120" } }), 120),
        (json!({ "data": { "token": "abc", "expires_in": "soon" } }), 600),
        (json!({ "data": { "token": "abc" } }), 600),
    ] {
        let token = read(&ask, 201, None, &answer.to_string()).unwrap();
        assert_eq!(token.value().expose_secret(), "abc");
        assert_eq!(token.expires_at(), NOW + TimeDelta::seconds(life), "{answer}");
    }
}

#[test]
fn a_token_is_read_from_a_header_even_if_the_body_is_not_json() {
    let ask = login(session(Content::None, TokenLocation::Header("X-Subject-Token".to_owned())));
    let token = read(&ask, 200, Some("abc"), "<html>").unwrap();
    assert_eq!((token.value().expose_secret(), token.expires_at()), ("abc", NOW + TimeDelta::seconds(600)));
    assert_eq!(read(&ask, 200, None, r#"{"data":{"token":"abc"}}"#).unwrap_err(), TokenError::NoToken);
}

#[test]
fn an_answer_without_a_token_is_not_one() {
    let ask = login(by_json());
    for (status, body, expected) in [
        (401, r#"{"data":{"token":"s3cr3t"}}"#, TokenError::Status { status: StatusCode::UNAUTHORIZED }),
        (302, "", TokenError::Status { status: StatusCode::FOUND }),
        (200, "s3cr3t", TokenError::NoToken),
        (200, r#"{"data":{"token":["s3cr3t"]}}"#, TokenError::NoToken),
        (200, r#"{"data":{"token":""}}"#, TokenError::NoToken),
        (200, r#"{"data":{"token":"s3cr3t\r\nx"}}"#, TokenError::NoToken),
        (200, r#"{"token":"s3cr3t"}"#, TokenError::NoToken),
    ] {
        let error = read(&ask, status, None, body).unwrap_err();
        assert!(!error.to_string().contains("s3cr3t"), "{error}");
        assert_eq!(error, expected, "{body}");
        assert_eq!(error.rejects_credential(), status == 401);
    }
}

#[test]
fn requests_carry_the_token_until_it_is_no_longer_fresh() {
    let scheme = scheme(by_json());
    let token = read(&login(by_json()), 200, None, r#"{"data":{"token":"abc","expires_in":600}}"#).unwrap();
    let Prepared::Send(adds) = prepare(&scheme, NOW, Some(&token)) else { panic!("the token is fresh") };
    let headers: Vec<_> = adds.headers.iter().map(|header| (header.name(), header.value().expose_secret())).collect();
    assert_eq!(headers, [("x-session", "v1 abc")]);
    let late = NOW + TimeDelta::seconds(590);
    assert!(matches!(prepare(&scheme, late, Some(&token)), Prepared::GetToken(_)));
}

#[test]
fn a_login_goes_through_a_connection_with_the_schemes_certificate() {
    let (certificate, key) = certificate();
    let mutual = MutualTls { certificate: "{parts.certificate}".parse().unwrap(), key: "{parts.key}".parse().unwrap() };
    let mut session = by_json();
    session.content = Content::None;
    session.path = "/login".parse().unwrap();
    let scheme =
        Scheme { name: "both".to_owned(), steps: vec![Step::Session(session), Step::MutualTls(mutual.clone())] };
    scheme.check().unwrap();
    let prepare = |certificate: &str, key: &str, token: Option<&Token>| {
        let parts = Parts::from_iter([("certificate", certificate), ("key", key)]);
        scheme.prepare(&REQUEST, &Values { settings: &Map::new(), parts: &parts, now: NOW, nonce: [0; 16] }, token)
    };
    let Prepared::GetToken(ask) = prepare(&certificate, &key, None).unwrap() else { panic!("a login is needed") };
    let shown = ask.client_certificate.clone().unwrap();
    assert_eq!((shown.certificate.expose_secret(), shown.key.expose_secret()), (&*certificate, &*key));

    let token = read(&ask, 200, None, r#"{"data":{"token":"abc"}}"#).unwrap();
    let Prepared::Send(adds) = prepare(&certificate, &key, Some(&token)).unwrap() else { panic!("it is fresh") };
    assert!(adds.client_certificate.is_some());
    assert!(!format!("{adds:?}").contains("BEGIN"), "{adds:?}");

    for (certificate, key, expected) in [
        ("", &*key, "the credential's part `certificate` is empty"),
        ("s3cr3t", &*key, "the credential's part `certificate` is not a certificate in PEM"),
        (&*key, &*key, "the credential's part `certificate` is not a certificate in PEM"),
        (&*certificate, &*certificate, "the credential's part `key` is not a private key in PEM"),
    ] {
        let error = prepare(certificate, key, None).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

/// A certificate and its key, as text: what is inside is for the host's TLS to read.
fn certificate() -> (String, String) {
    let pem = |label: &str| format!("-----BEGIN {label}-----\nMAA=\n-----END {label}-----\n");
    (pem("CERTIFICATE").repeat(2), pem("PRIVATE KEY"))
}

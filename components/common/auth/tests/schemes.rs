//! What each scheme puts on a request, and what it says when it cannot.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use chrono::{DateTime, Utc};
use http::{HeaderName, HeaderValue, Method};
use keywright_auth::{
    AuthError, Basic, ClientCredentials, HeaderTemplate, Parts, RequestToSign, Scheme, Signature, Step,
};
use serde_json::{Map, Value, json};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

const REQUEST: RequestToSign<'static> = RequestToSign {
    method: &Method::POST,
    host: "api.eu-west-2.outscale.com",
    path: "/api/v1/ReadAccessKeys",
    query: None,
    content_type: Some("application/json"),
    body: b"{}",
};

fn headers<const N: usize>(headers: [(&str, &str); N]) -> Scheme {
    Scheme::Headers(headers.map(|(name, value)| HeaderTemplate::parse(name, value).unwrap()).to_vec())
}

fn basic() -> Scheme {
    Scheme::Basic(Basic { username: "{parts.user}".parse().unwrap(), password: "{parts.password}".parse().unwrap() })
}

fn signature() -> Scheme {
    Scheme::Signature(Signature {
        algorithm: "{settings.signature}".parse().unwrap(),
        access_key: "{parts.access_key}".parse().unwrap(),
        secret_key: "{parts.secret_key}".parse().unwrap(),
        region: "{settings.region}".parse().unwrap(),
        service: "{settings.service?}".parse().unwrap(),
    })
}

fn settings(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn sent(scheme: &Scheme, with: Value, parts: &Parts) -> Result<Vec<(HeaderName, HeaderValue)>, AuthError> {
    match scheme.authenticate(&REQUEST, &settings(with), parts, NOW)? {
        Step::Send(headers) => Ok(headers),
        Step::GetToken(_) => panic!("no token is needed"),
    }
}

fn text(headers: &[(HeaderName, HeaderValue)]) -> Vec<(&str, &str)> {
    headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect()
}

#[test]
fn scaleway_takes_the_secret_key_alone() {
    let scheme = headers([("X-Auth-Token", "{parts.secret_key}")]);
    let parts = Parts::from_iter([("access_key", "SCWXXXXXXXXXXXXXXXXX"), ("secret_key", "s3cr3t")]);
    assert_eq!(text(&sent(&scheme, json!({}), &parts).unwrap()), [("x-auth-token", "s3cr3t")]);
}

#[test]
fn gcore_takes_its_own_authorization_scheme() {
    let scheme = headers([("Authorization", "APIKey {parts.token}")]);
    let parts = Parts::from_iter([("token", "42$abc")]);
    assert_eq!(text(&sent(&scheme, json!({}), &parts).unwrap()), [("authorization", "APIKey 42$abc")]);
}

#[test]
fn imperva_takes_two_headers() {
    let scheme = headers([("x-API-Id", "{parts.api_id}"), ("x-API-Key", "{parts.api_key}")]);
    let parts = Parts::from_iter([("api_id", "7"), ("api_key", "k")]);
    assert_eq!(text(&sent(&scheme, json!({}), &parts).unwrap()), [("x-api-id", "7"), ("x-api-key", "k")]);
}

#[test]
fn basic_is_that_of_rfc_7617() {
    // The examples of sections 2 and 2.1.
    for (user, password, expected) in
        [("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), ("test", "123£", "Basic dGVzdDoxMjPCow==")]
    {
        let parts = Parts::from_iter([("user", user), ("password", password)]);
        assert_eq!(text(&sent(&basic(), json!({}), &parts).unwrap()), [("authorization", expected)]);
    }
}

#[test]
fn a_colon_in_a_user_name_and_control_characters_are_refused_by_name() {
    for (user, password, culprit) in [("a:b", "p", "`user`"), ("a\n", "p", "`user`"), ("a", "p\n", "`password`")] {
        let parts = Parts::from_iter([("user", user), ("password", password)]);
        let message = sent(&basic(), json!({}), &parts).unwrap_err().to_string();
        assert!(message.starts_with(&format!("the credential's part {culprit} has a character")), "{message}");
    }
    let parts = Parts::from_iter([("user", "a"), ("password", "p:q")]);
    assert!(sent(&basic(), json!({}), &parts).is_ok());
}

#[test]
fn a_missing_part_is_named() {
    let scheme = headers([("X-Auth-Token", "{parts.secret_key}")]);
    assert_eq!(
        sent(&scheme, json!({}), &Parts::new()).unwrap_err().to_string(),
        "the credential has no part `secret_key`: add it to the credential"
    );
}

#[test]
fn an_empty_part_is_named_even_inside_other_text() {
    let scheme = headers([("Authorization", "APIKey {parts.token}")]);
    assert_eq!(
        sent(&scheme, json!({}), &Parts::from_iter([("token", "")])).unwrap_err().to_string(),
        "the credential's part `token` is empty: give it the value that the vendor gave"
    );
}

#[test]
fn a_value_that_no_header_can_carry_is_blamed_on_its_origin_and_not_quoted() {
    let scheme = headers([("x-key", "{parts.id}-{parts.key}-{settings.region}")]);
    let fine = json!({ "region": "r" });
    for (id, key, with, culprit) in [
        ("1", "s3cr3t\r\nHost: evil", fine.clone(), "the credential's part `key`"),
        ("s3cr3t é", "k", fine, "the credential's part `id`"),
        ("1", "k", json!({ "region": "s3cr3t\n" }), "the setting `region`"),
    ] {
        let parts = Parts::from_iter([("id", id), ("key", key)]);
        let error = sent(&scheme, with, &parts).unwrap_err();
        let message = error.to_string();
        assert!(message.starts_with(&format!("{culprit} has a character that the header `x-key` cannot")), "{message}");
        assert!(!message.contains("s3cr3t") && !format!("{error:?}").contains("s3cr3t"), "{error:?}");
    }
}

#[test]
fn a_missing_setting_is_named() {
    let parts = Parts::from_iter([("access_key", "A"), ("secret_key", "S")]);
    let error = sent(&signature(), json!({ "signature": "osc4" }), &parts).unwrap_err();
    assert_eq!(error.to_string(), "the setting `region` is missing: give it a value in the account's settings");
}

#[test]
fn a_setting_selects_the_algorithm() {
    let parts = Parts::from_iter([("access_key", "A"), ("secret_key", "S")]);
    let osc4 = json!({ "signature": "osc4", "region": "eu-west-2" });
    let aws4 = json!({ "signature": "aws4", "region": "eu-west-2", "service": "osc" });
    for (with, date, scope) in [
        (
            osc4,
            "x-osc-date",
            "OSC4-HMAC-SHA256 Credential=A/19700101/eu-west-2/api/osc4_request, \
            SignedHeaders=content-type;host;x-osc-date, Signature=",
        ),
        (
            aws4,
            "x-amz-date",
            "AWS4-HMAC-SHA256 Credential=A/19700101/eu-west-2/osc/aws4_request, \
            SignedHeaders=host;x-amz-date, Signature=",
        ),
    ] {
        let headers = sent(&signature(), with, &parts).unwrap();
        let headers = text(&headers);
        assert_eq!(headers[0], (date, "19700101T000000Z"));
        assert_eq!(headers[1].0, "authorization");
        assert!(headers[1].1.starts_with(scope), "{headers:?}");
    }
}

#[test]
fn an_unknown_algorithm_and_an_empty_service_are_refused() {
    let parts = Parts::from_iter([("access_key", "A"), ("secret_key", "S")]);
    let unknown = sent(&signature(), json!({ "signature": "hmac", "region": "r" }), &parts);
    assert_eq!(unknown.unwrap_err(), AuthError::Algorithm);
    let unnamed = sent(&signature(), json!({ "signature": "aws4", "region": "r" }), &parts);
    assert_eq!(unnamed.unwrap_err(), AuthError::Signing { field: "service" });
}

#[test]
fn separators_in_what_is_signed_are_refused() {
    for (access_key, region, field) in [
        ("A/B", "r", "access key"),
        ("A, SignedHeaders=host", "r", "access key"),
        ("A", "r/s", "region"),
        ("A", "r\n", "region"),
        ("A", "", "region"),
    ] {
        let parts = Parts::from_iter([("access_key", access_key), ("secret_key", "S")]);
        let error = sent(&signature(), json!({ "signature": "osc4", "region": region }), &parts).unwrap_err();
        assert_eq!(error, AuthError::Signing { field });
    }
}

#[test]
fn a_scheme_tells_its_headers_parts_and_settings() {
    let names = |scheme: &Scheme| scheme.header_names().iter().map(ToString::to_string).collect::<Vec<_>>();
    let two = headers([("x-API-Id", "{parts.id}"), ("x-API-Key", "{parts.key}{settings.suffix?}")]);
    assert_eq!(names(&two), ["x-api-id", "x-api-key"]);
    assert_eq!(Vec::from_iter(two.part_names()), ["id", "key"]);
    assert_eq!(Vec::from_iter(two.setting_names()), ["suffix"]);
    assert_eq!(names(&basic()), ["authorization"]);
    assert_eq!(names(&signature()), ["authorization", "x-osc-date", "x-amz-date"]);
    assert_eq!(Vec::from_iter(signature().part_names()), ["access_key", "secret_key"]);

    let grant = Scheme::OAuth2ClientCredentials(ClientCredentials {
        endpoint: "auth".to_owned(),
        path: "/{settings.realm}/token".parse().unwrap(),
        client_id: "{parts.client_id}".parse().unwrap(),
        client_secret: "{parts.client_secret}".parse().unwrap(),
        scope: Some("x:{settings.project}".parse().unwrap()),
    });
    assert_eq!(names(&grant), ["authorization"]);
    assert_eq!(Vec::from_iter(grant.part_names()), ["client_id", "client_secret"]);
    assert_eq!(Vec::from_iter(grant.setting_names()), ["project", "realm"]);
}

#[test]
fn headers_that_steer_http_cannot_authenticate() {
    for name in ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "upgrade"] {
        let message = HeaderTemplate::parse(name, "x").unwrap_err().to_string();
        assert!(message.contains("HTTP itself uses it"), "{message}");
    }
    assert!(HeaderTemplate::parse("x y", "x").is_err());
    assert!(HeaderTemplate::parse("x", "{y}").is_err());
}

#[test]
fn nothing_secret_is_printed() {
    let parts =
        Parts::from_iter([("access_key", "A"), ("secret_key", "s3cr3t"), ("user", "u"), ("password", "s3cr3t")]);
    assert_eq!(format!("{parts:?}"), r#"{"access_key", "password", "secret_key", "user"}"#);
    let with = json!({ "signature": "osc4", "region": "r" });
    let by_header = headers([("x-key", "{parts.secret_key}")]);
    for scheme in [by_header, basic(), signature()] {
        let headers = sent(&scheme, with.clone(), &parts).unwrap();
        assert!(headers.iter().all(|(_, value)| value.is_sensitive()), "{headers:?}");
        assert!(!format!("{headers:?}").contains("s3cr3t"), "{headers:?}");
    }
}

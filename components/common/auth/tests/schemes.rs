//! What each scheme puts on a request, and what it says when it cannot.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use chrono::{DateTime, Utc};
use http::{HeaderName, HeaderValue};
use keywright_auth::{
    AuthError, Basic, HeaderTemplate, OutgoingRequest, Parts, Prepared, QueryTemplate, Scheme, Signature, Step, Values,
};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

const REQUEST: OutgoingRequest<'static> = OutgoingRequest {
    method: "POST",
    host: "api.eu-west-2.outscale.com",
    path: "/api/v1/ReadAccessKeys",
    query: None,
    headers: &[("Content-Type", "application/json")],
    body: b"{}",
};

fn scheme(steps: Vec<Step>) -> Scheme {
    let scheme = Scheme { name: "key".to_owned(), steps };
    scheme.check().unwrap();
    scheme
}

fn headers<const N: usize>(headers: [(&str, &str); N]) -> Scheme {
    let headers = headers.map(|(name, value)| HeaderTemplate::parse(name, value).unwrap());
    scheme(vec![Step::Headers(headers.to_vec())])
}

fn query(name: &str, value: &str) -> Step {
    Step::Query(vec![QueryTemplate::parse(name, value).unwrap()])
}

fn basic() -> Scheme {
    let basic = Basic { username: "{parts.user}".parse().unwrap(), password: "{parts.password}".parse().unwrap() };
    scheme(vec![Step::Basic(basic)])
}

fn signature() -> Signature {
    Signature {
        algorithm: "{settings.signature}".parse().unwrap(),
        access_key: "{parts.access_key}".parse().unwrap(),
        secret_key: "{parts.secret_key}".parse().unwrap(),
        region: "{settings.region}".parse().unwrap(),
        service: "{settings.service?}".parse().unwrap(),
        session_token: None,
    }
}

fn signed() -> Scheme {
    scheme(vec![Step::Signature(signature())])
}

fn settings(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn prepared(scheme: &Scheme, with: Value, parts: &Parts) -> Result<keywright_auth::Authentication, AuthError> {
    let values = Values { settings: &settings(with), parts, now: NOW, nonce: [0; 16] };
    match scheme.prepare(&REQUEST, &values, None)? {
        Prepared::Send(adds) => Ok(adds),
        Prepared::GetToken(_) => panic!("no token is needed"),
    }
}

fn sent(scheme: &Scheme, with: Value, parts: &Parts) -> Result<Vec<(HeaderName, HeaderValue)>, AuthError> {
    prepared(scheme, with, parts)?.headers.iter().map(|header| header.to_http()).collect()
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
    let error = sent(&signed(), json!({ "signature": "osc4" }), &parts).unwrap_err();
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
            SignedHeaders=content-type;host;x-amz-date, Signature=",
        ),
    ] {
        let headers = sent(&signed(), with, &parts).unwrap();
        let headers = text(&headers);
        assert_eq!(headers[0], (date, "19700101T000000Z"));
        assert_eq!(headers[1].0, "authorization");
        assert!(headers[1].1.starts_with(scope), "{headers:?}");
    }
}

#[test]
fn an_unknown_algorithm_and_an_empty_service_are_refused() {
    let parts = Parts::from_iter([("access_key", "A"), ("secret_key", "S")]);
    let unknown = sent(&signed(), json!({ "signature": "hmac", "region": "r" }), &parts);
    assert_eq!(unknown.unwrap_err(), AuthError::Algorithm);
    let unnamed = sent(&signed(), json!({ "signature": "aws4", "region": "r" }), &parts);
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
        let error = sent(&signed(), json!({ "signature": "osc4", "region": region }), &parts).unwrap_err();
        assert_eq!(error, AuthError::Signing { field });
    }
}

#[test]
fn a_scheme_lists_its_headers_parts_and_settings() {
    let names = |scheme: &Scheme| scheme.header_names().iter().map(ToString::to_string).collect::<Vec<_>>();
    let two = headers([("x-API-Id", "{parts.id}"), ("x-API-Key", "{parts.key}{settings.suffix?}")]);
    assert_eq!(names(&two), ["x-api-id", "x-api-key"]);
    assert_eq!(Vec::from_iter(two.part_names()), ["id", "key"]);
    assert_eq!(Vec::from_iter(two.setting_names()), ["suffix"]);
    assert!(two.needs_secret(&|part| part == "key"));
    assert!(!two.needs_secret(&|_| false));
    assert_eq!(two.endpoints(), []);
    assert_eq!(names(&basic()), ["authorization"]);
    assert_eq!(
        names(&signed()),
        ["authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token", "x-osc-date"]
    );
    assert_eq!(Vec::from_iter(signed().part_names()), ["access_key", "secret_key"]);
    let by_query = scheme(vec![query("api key", "{parts.key}")]);
    assert_eq!(Vec::from_iter(by_query.query_names()), ["api key"]);
    assert_eq!(names(&by_query), [""; 0]);
}

#[test]
fn a_query_parameter_is_encoded_and_added() {
    let parts = Parts::from_iter([("key", "a&b=c d")]);
    let by_query = scheme(vec![query("api key", "{parts.key}"), query("v", "1")]);
    let values = Values { settings: &Map::new(), parts: &parts, now: NOW, nonce: [0; 16] };
    for (own, expected) in [
        (None, "api%20key=a%26b%3Dc%20d&v=1"),
        (Some(""), "api%20key=a%26b%3Dc%20d&v=1"),
        (Some("x=1"), "x=1&api%20key=a%26b%3Dc%20d&v=1"),
    ] {
        let request = OutgoingRequest { query: own, ..REQUEST };
        let Prepared::Send(adds) = by_query.prepare(&request, &values, None).unwrap() else { panic!("no token") };
        assert_eq!(adds.query.unwrap().expose_secret(), expected);
        assert!(adds.headers.is_empty());
    }
    assert!(prepared(&headers([("x", "y")]), json!({}), &parts).unwrap().query.is_none());
}

#[test]
fn a_signature_covers_what_the_steps_before_it_add() {
    let parts = Parts::from_iter([("access_key", "A"), ("secret_key", "S"), ("tag", "t")]);
    let with = json!({ "signature": "aws4", "region": "r", "service": "x" });
    let header = Step::Headers(vec![HeaderTemplate::parse("X-Amz-Tag", "{parts.tag}").unwrap()]);
    let together = scheme(vec![header, query("k", "{parts.tag}"), Step::Signature(signature())]);
    let adds = prepared(&together, with.clone(), &parts).unwrap();

    // The same request, had the adapter sent all of it itself.
    let whole = OutgoingRequest {
        query: Some("k=t"),
        headers: &[("Content-Type", "application/json"), ("x-amz-tag", "t")],
        ..REQUEST
    };
    let values = Values { settings: &settings(with), parts: &parts, now: NOW, nonce: [0; 16] };
    let Prepared::Send(alone) = signed().prepare(&whole, &values, None).unwrap() else { panic!("no token") };
    let authorization = |adds: &keywright_auth::Authentication| {
        let header = adds.headers.iter().find(|header| header.name() == "authorization").unwrap();
        header.value().expose_secret().to_owned()
    };
    assert!(authorization(&adds).contains("SignedHeaders=content-type;host;x-amz-date;x-amz-tag, "));
    assert_eq!(authorization(&adds), authorization(&alone));
}

#[test]
fn a_session_token_is_sent_and_signed_when_there_is_one() {
    let temporary = Signature { session_token: Some("{settings.token?}".parse().unwrap()), ..signature() };
    let temporary = scheme(vec![Step::Signature(temporary)]);
    let parts = Parts::from_iter([("access_key", "A"), ("secret_key", "S")]);
    let with =
        |algorithm: &str, token: &str| json!({ "signature": algorithm, "region": "r", "service": "x", "token": token });
    let headers = sent(&temporary, with("aws4", "to/ken=="), &parts).unwrap();
    assert_eq!(text(&headers)[2], ("x-amz-security-token", "to/ken=="));
    assert!(text(&headers)[1].1.contains(";x-amz-date;x-amz-security-token, "), "{headers:?}");
    assert_eq!(sent(&temporary, with("aws4", ""), &parts).unwrap().len(), 2);
    for (algorithm, token) in [("osc4", "t"), ("aws4", "a b"), ("aws4", "a\nb")] {
        let error = sent(&temporary, with(algorithm, token), &parts).unwrap_err();
        assert_eq!(error, AuthError::Signing { field: "session token" });
    }
}

#[test]
fn a_credential_without_the_part_of_a_session_token_is_signed_with_as_a_long_term_one() {
    let temporary = Signature { session_token: Some("{parts.session_token}".parse().unwrap()), ..signature() };
    let temporary = scheme(vec![Step::Signature(temporary)]);
    let with = || json!({"signature": "aws4", "region": "r", "service": "x"});
    let long_term = Parts::from_iter([("access_key", "A"), ("secret_key", "S")]);
    assert_eq!(sent(&temporary, with(), &long_term).unwrap(), sent(&signed(), with(), &long_term).unwrap());
    let of_a_session = Parts::from_iter([("access_key", "A"), ("secret_key", "S"), ("session_token", "t")]);
    assert_eq!(text(&sent(&temporary, with(), &of_a_session).unwrap())[2], ("x-amz-security-token", "t"));
    // Given and empty is a mistake, not an absence.
    let empty = Parts::from_iter([("access_key", "A"), ("secret_key", "S"), ("session_token", "")]);
    assert!(matches!(sent(&temporary, with(), &empty), Err(AuthError::EmptyPart { .. })));
}

#[test]
fn a_step_of_a_later_version_is_refused_by_its_name() {
    let later = scheme(vec![Step::Other { name: "dpop".to_owned() }]);
    let error = prepared(&later, json!({}), &Parts::new()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the authentication scheme has a step `dpop`, which this version cannot carry out: update Keywright"
    );
}

#[test]
fn what_must_be_redacted_is_listed() {
    let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCh";
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{line}\nAb==\n-----END PRIVATE KEY-----\n");
    let parts = Parts::from_iter([("user", "u"), ("password", "s3cr3t"), ("key", &pem), ("unused", "x")]);
    let two = scheme(vec![
        basic().steps.remove(0),
        Step::Headers(vec![HeaderTemplate::parse("x-key", "{parts.key}").unwrap()]),
    ]);
    let secrets = two.secrets_in(&parts, &|part| part != "user");
    let secrets: Vec<&str> = secrets.iter().map(|secret| secret.expose_secret()).collect();
    assert_eq!(secrets, [&pem, line, "s3cr3t"]);

    let adds = prepared(&basic(), json!({}), &parts).unwrap();
    assert_eq!(adds.secrets().map(|secret| secret.expose_secret()).collect::<Vec<_>>(), ["dTpzM2NyM3Q="]);
}

#[test]
fn headers_that_steer_http_cannot_authenticate() {
    for name in [
        "Host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Keep-Alive",
        "upgrade",
        "X-HTTP-Method-Override",
        "X-Forwarded-Host",
    ] {
        let message = HeaderTemplate::parse(name, "x").unwrap_err().to_string();
        assert!(message.contains("it steers HTTP itself"), "{message}");
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
    for scheme in [by_header, basic(), signed()] {
        let prepared = prepared(&scheme, with.clone(), &parts).unwrap();
        assert!(!format!("{prepared:?}").contains("s3cr3t"), "{prepared:?}");
        let headers = sent(&scheme, with.clone(), &parts).unwrap();
        assert!(headers.iter().all(|(_, value)| value.is_sensitive()), "{headers:?}");
        assert!(!format!("{headers:?}").contains("s3cr3t"), "{headers:?}");
    }
}

//! What is refused of a scheme before it is used, and how it is named.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use http::Method;
use keywright_auth::{
    Basic, ClientAuthentication, Content, Encoding, Grant, HeaderTemplate, Hmac, HmacAlgorithm, Jwt, JwtAlgorithm,
    KeyEncoding, MutualTls, OAuth2, QueryTemplate, Scheme, Session, Signature, Step, TokenLocation,
};
use keywright_settings::{JsonTemplate, Template};
use serde_json::{Value, json};

fn template(text: &str) -> Template {
    text.parse().unwrap()
}

fn headers(name: &str) -> Step {
    Step::Headers(vec![HeaderTemplate::parse(name, "{parts.key}").unwrap()])
}

fn query(name: &str) -> Step {
    Step::Query(vec![QueryTemplate::parse(name, "{parts.key}").unwrap()])
}

fn basic() -> Step {
    Step::Basic(Basic { username: template("{parts.user}"), password: template("{parts.password}") })
}

fn jwt(claims: Value) -> Jwt {
    Jwt {
        algorithm: JwtAlgorithm::ES256,
        key: template("{parts.key}"),
        key_id: None,
        claims: JsonTemplate::parse(&claims, &[]).unwrap(),
        lifetime_seconds: 600,
    }
}

fn oauth2() -> OAuth2 {
    OAuth2 {
        endpoint: "auth".to_owned(),
        path: template("/token"),
        grant: Grant::ClientCredentials,
        client: ClientAuthentication::Body { id: template("{parts.id}"), secret: template("{parts.secret}") },
        scope: None,
        parameters: Vec::new(),
    }
}

fn signature() -> Signature {
    Signature {
        algorithm: template("aws4"),
        access_key: template("{parts.id}"),
        secret_key: template("{parts.secret}"),
        region: template("r"),
        service: template("s"),
        session_token: None,
    }
}

fn session() -> Session {
    Session {
        endpoint: "auth".to_owned(),
        method: Method::POST,
        path: template("/login"),
        content: Content::Form(vec![("user".to_owned(), template("{parts.user}"))]),
        headers: Vec::new(),
        token: TokenLocation::Json("/token".to_owned()),
        expires_in: None,
        lifetime_seconds: 600,
        request_headers: vec![HeaderTemplate::parse_with("x-token", "{session.token}", Session::VARIABLES).unwrap()],
    }
}

fn hmac() -> Hmac {
    Hmac {
        algorithm: HmacAlgorithm::SHA256,
        key: template("{parts.key}"),
        key_encoding: KeyEncoding::Text,
        message: Template::parse_with("{request.path}", Hmac::MESSAGE_VARIABLES).unwrap(),
        encoding: Encoding::Hex,
        headers: vec![HeaderTemplate::parse_with("x-signature", "{signature}", Hmac::HEADER_VARIABLES).unwrap()],
    }
}

fn mutual() -> Step {
    Step::MutualTls(MutualTls { certificate: template("{parts.certificate}"), key: template("{parts.key}") })
}

fn problem(steps: Vec<Step>) -> String {
    Scheme { name: "x".to_owned(), steps }.check().unwrap_err().to_string()
}

#[test]
fn what_is_well_formed_passes() {
    for steps in [
        vec![headers("x-key"), basic()],
        vec![query("key"), Step::Signature(signature()), mutual()],
        vec![Step::OAuth2(oauth2()), mutual()],
        vec![Step::Session(session()), Step::Hmac(hmac())],
        vec![Step::BearerJwt(jwt(json!({ "iss": "{parts.id}" })))],
        vec![headers("x-amz-tag"), Step::Signature(signature())],
        vec![Step::Other { name: "dpop".to_owned() }],
    ] {
        assert_eq!(Scheme { name: "api-key-2".to_owned(), steps }.check(), Ok(()));
    }
}

#[test]
fn a_scheme_needs_a_name_and_steps() {
    for name in ["", "Key", "1key", "a b", "a\u{1b}[31m"] {
        let error = Scheme { name: name.to_owned(), steps: vec![basic()] }.check().unwrap_err();
        assert_eq!((error.step, error.field), (None, "name"));
        assert!(!error.to_string().contains(char::is_control), "{error}");
    }
    assert_eq!(problem(vec![]), "the authentication scheme `x`: steps are missing: add one");
}

#[test]
fn steps_that_contradict_each_other_are_refused() {
    for (steps, expected) in [
        (vec![basic(), Step::OAuth2(oauth2())], "step 2: header is set twice in the scheme: set it once"),
        (vec![headers("x-key"), headers("X-Key")], "step 2: header is set twice in the scheme: set it once"),
        (vec![query("key"), query("key")], "step 2: query parameter is set twice in the scheme: set it once"),
        (
            vec![Step::Hmac(hmac()), query("key")],
            "step 2: query parameter comes after a signature that must cover it: put it before",
        ),
        (
            vec![Step::Signature(signature()), headers("x-amz-tag")],
            "step 2: header comes after the signature that must cover it: put it before",
        ),
        (
            vec![Step::Session(session()), Step::OAuth2(oauth2())],
            "step 2: token is the second of the scheme: use one token",
        ),
        (vec![mutual(), mutual()], "step 2: certificate is the second of the scheme: use one certificate"),
    ] {
        assert_eq!(problem(steps), format!("the authentication scheme `x`, {expected}"));
    }
}

#[test]
fn a_malformed_step_is_refused_by_its_field() {
    let parameter = |name: &str| vec![(name.to_owned(), template("v"))];
    let pointer = |text: &str| TokenLocation::Json(text.to_owned());
    let literal = template("s3cr3t");
    for (step, field) in [
        (Step::Headers(vec![]), "headers"),
        (Step::Query(vec![]), "query parameters"),
        (query(""), "query parameter"),
        (Step::BearerJwt(Jwt { key: literal.clone(), ..jwt(json!({})) }), "key"),
        (Step::BearerJwt(jwt(json!([]))), "claims"),
        (Step::BearerJwt(jwt(json!({ "exp": 1 }))), "claims"),
        (Step::BearerJwt(jwt(json!({ "iat": "{parts.id}" }))), "claims"),
        (Step::BearerJwt(Jwt { lifetime_seconds: 9, ..jwt(json!({})) }), "lifetime"),
        (Step::BearerJwt(Jwt { lifetime_seconds: 86_401, ..jwt(json!({})) }), "lifetime"),
        (Step::OAuth2(OAuth2 { endpoint: String::new(), ..oauth2() }), "endpoint"),
        (Step::OAuth2(OAuth2 { path: template("token"), ..oauth2() }), "path"),
        (Step::OAuth2(OAuth2 { path: template("/{parts.id}"), ..oauth2() }), "path"),
        (Step::OAuth2(OAuth2 { client: ClientAuthentication::None { id: None }, ..oauth2() }), "client"),
        (Step::OAuth2(OAuth2 { grant: Grant::RefreshToken(literal.clone()), ..oauth2() }), "refresh token"),
        (Step::OAuth2(OAuth2 { grant: Grant::JwtBearer(jwt(json!({ "jti": "1" }))), ..oauth2() }), "claims"),
        (
            Step::OAuth2(OAuth2 {
                client: ClientAuthentication::PrivateKeyJwt { id: template("i"), jwt: jwt(json!("a")) },
                ..oauth2()
            }),
            "claims",
        ),
        (Step::OAuth2(OAuth2 { parameters: parameter("grant_type"), ..oauth2() }), "parameter"),
        (Step::OAuth2(OAuth2 { parameters: parameter(""), ..oauth2() }), "parameter"),
        (
            Step::OAuth2(OAuth2 { parameters: [parameter("audience"), parameter("audience")].concat(), ..oauth2() }),
            "parameter",
        ),
        (Step::Signature(Signature { algorithm: template("aws5"), ..signature() }), "algorithm"),
        (Step::Signature(Signature { secret_key: literal.clone(), ..signature() }), "secret key"),
        (Step::Session(Session { method: Method::DELETE, ..session() }), "method"),
        (Step::Session(Session { method: Method::GET, ..session() }), "content"),
        (Step::Session(Session { token: pointer("token"), ..session() }), "token"),
        (Step::Session(Session { token: pointer("/a~2"), ..session() }), "token"),
        (Step::Session(Session { token: TokenLocation::Header("x y".to_owned()), ..session() }), "token"),
        (Step::Session(Session { expires_in: Some("expires".to_owned()), ..session() }), "lifetime"),
        (Step::Session(Session { lifetime_seconds: 0, ..session() }), "lifetime"),
        (Step::Session(Session { request_headers: vec![], ..session() }), "headers"),
        (Step::MutualTls(MutualTls { certificate: literal.clone(), key: literal.clone() }), "key"),
        (Step::Hmac(Hmac { key: literal.clone(), ..hmac() }), "key"),
        (Step::Hmac(Hmac { message: literal.clone(), ..hmac() }), "message"),
        (Step::Hmac(Hmac { headers: vec![], ..hmac() }), "headers"),
        (Step::Other { name: String::new() }, "kind"),
    ] {
        let error = Scheme { name: "x".to_owned(), steps: vec![unrelated(), step.clone()] }.check().unwrap_err();
        assert_eq!((error.step, error.field), (Some(2), field), "{step:?}");
        assert!(!error.to_string().contains("s3cr3t"), "{error}");
    }
}

/// A step that contradicts none of the others.
fn unrelated() -> Step {
    headers("x-unrelated")
}

#[test]
fn a_scheme_lists_where_its_token_requests_go() {
    let scheme = |step| Scheme { name: "x".to_owned(), steps: vec![basic(), step] };
    for (scheme, path) in [(scheme(Step::OAuth2(oauth2())), "/token"), (scheme(Step::Session(session())), "/login")] {
        let [endpoint] = scheme.endpoints()[..] else { unreachable!("there is one") };
        assert_eq!((endpoint.endpoint, endpoint.method), ("auth", &Method::POST));
        assert_eq!(endpoint.path.to_string(), path);
    }
}

#[test]
fn a_scheme_lists_the_parts_of_all_its_steps() {
    let oauth2 = OAuth2 {
        grant: Grant::JwtBearer(jwt(json!({ "iss": "{parts.email}", "nested": [{ "a": "{settings.tenant}" }] }))),
        client: ClientAuthentication::PrivateKeyJwt {
            id: template("{parts.id}"),
            jwt: Jwt { key_id: Some(template("{parts.key_id}")), ..jwt(json!({})) },
        },
        parameters: vec![("audience".to_owned(), template("{settings.audience}"))],
        ..oauth2()
    };
    let scheme = Scheme { name: "x".to_owned(), steps: vec![mutual(), Step::OAuth2(oauth2), Step::Hmac(hmac())] };
    assert_eq!(Vec::from_iter(scheme.part_names()), ["certificate", "email", "id", "key", "key_id"]);
    assert_eq!(Vec::from_iter(scheme.setting_names()), ["audience", "tenant"]);
    assert!(scheme.needs_secret(&|part| part == "certificate"));
}

//! Extensions, wherever a descriptor has room for them.

use super::*;

const UNKNOWN: Option<&str> = Some(r#"{"x-new": 1}"#);

fn unknown() -> Option<Text> {
    UNKNOWN.map(Text::from)
}

/// Both forms that are refused where an extension could change what is allowed or hidden: one that is not known, and one
/// that is not an object.
fn refused(element: &str, extend: impl Fn(&mut Model, Option<Text>)) {
    let unknown = refusal(|model| extend(model, unknown()));
    assert!(unknown.contains(element) && unknown.contains("`x-new`") && unknown.contains("newer host"), "{unknown}");
    for malformed in ["{", "[]", "7", "null", ""] {
        let message = refusal(|model| extend(model, Some(malformed.into())));
        assert!(message.contains(element) && message.contains("not a JSON object"), "`{malformed}`: {message}");
    }
}

/// Where an extension changes nothing of that, an unknown one is shown and a malformed one is refused.
fn shown(element: &str, extend: impl Fn(&mut Model, Option<Text>)) {
    let mut model = proper();
    extend(&mut model, unknown());
    assert_eq!(Descriptor::read(model).unwrap().ignored_extensions, [format!("{element}: x-new")]);
    let message = refusal(|model| extend(model, Some("7".into())));
    assert!(message.contains(element) && message.contains("not a JSON object"), "{message}");
}

#[test]
fn of_rules_and_what_they_hold() {
    refused("rule 2", |model, extensions| model.rules[1].extensions = extensions);
    refused("a secret of rule 1", |model, extensions| model.rules[0].secrets[0].extensions = extensions);
    refused("a placement of rule 1", |model, extensions| {
        model.rules[0].placements = vec![Placement { extensions, ..placement("settings.pin") }];
    });
}

#[test]
fn of_credentials_and_their_parts() {
    let part = |model: &mut Model, origin| {
        model.issued.parts.push(PartDescription { origin, ..part("made", true) });
    };
    refused("the administrator's credential", |model, extensions| model.administrator.extensions = extensions);
    refused("an issued credential", |model, extensions| model.issued.extensions = extensions);
    refused("the part `token`", |model, extensions| model.administrator.parts[0].extensions = extensions);
    refused("the part `made`", |model, extensions| {
        let (function, input) = ("sha256-hex".into(), "{parts.secret_key}".into());
        part(model, PartOrigin::Derived(Derivation { function, input, extensions }));
    });
    refused("the part `made`", |model, extensions| {
        let [algorithm, public_form, private_form] = ["ed25519", "jwk", "pkcs8-pem"].map(Text::from);
        part(model, PartOrigin::KeyPair(KeyPair { algorithm, public_form, private_form, extensions }));
    });
    refused("the part `made`", |model, extensions| {
        let alphabet = "0123456789abcdef".into();
        part(model, PartOrigin::Random(RandomPolicy { length: 40, alphabet, required: Vec::new(), extensions }));
    });
}

#[test]
fn of_schemes_and_their_steps() {
    const ELEMENT: &str = "step 1 of the authentication scheme `api`";
    let token = || Text::from("{parts.token}");
    refused("the authentication scheme `api`", |model, extensions| model.schemes[0].extensions = extensions);
    refused(ELEMENT, |model, extensions| {
        let tls = TlsAuthentication { certificate: token(), key: token(), extensions };
        step(model, AuthenticationStep::MutualTls(tls));
    });
    refused(ELEMENT, |model, extensions| {
        let [algorithm, region, service] = ["aws4", "r", "s"].map(Text::from);
        let (access_key, secret_key) = ("key".into(), token());
        let session_token = None;
        step(
            model,
            AuthenticationStep::Signature(SignatureAuthentication {
                algorithm,
                access_key,
                secret_key,
                session_token,
                region,
                service,
                extensions,
            }),
        );
    });
    refused(ELEMENT, |model, extensions| {
        let (algorithm, claims) = ("HS256".into(), "{}".into());
        let jwt = JsonWebToken { algorithm, key: token(), key_id: None, claims, lifetime: 60, extensions };
        step(model, AuthenticationStep::BearerJwt(jwt));
    });
    refused(ELEMENT, |model, extensions| {
        let client = ClientAuthentication::Basic(ClientSecret { id: "me".into(), secret: token() });
        let (grant, scope) = (OAuth2Grant::ClientCredentials, None);
        let (endpoint, path, parameters) = ("api".into(), "/token".into(), Vec::new());
        let oauth2 = OAuth2Authentication { endpoint, path, grant, client, scope, parameters, extensions };
        step(model, AuthenticationStep::OAuth2(oauth2));
    });
    refused(ELEMENT, |model, extensions| {
        let [algorithm, key_encoding, message, encoding] = ["sha256", "text", "{request.body}", "hex"].map(Text::from);
        let headers = vec![named("x-signature", "{signature}")];
        let key = token();
        step(
            model,
            AuthenticationStep::Hmac(HmacAuthentication {
                algorithm,
                key,
                key_encoding,
                message,
                encoding,
                headers,
                extensions,
            }),
        );
    });
    refused(ELEMENT, |model, extensions| {
        let session = SessionAuthentication {
            endpoint: "api".into(),
            method: "POST".into(),
            path: "/login".into(),
            headers: Vec::new(),
            content: RequestContent::Json(r#"{"token": "{parts.token}"}"#.into()),
            token: AnswerLocation::Json("/token".into()),
            expires_in: None,
            lifetime: 60,
            send: vec![named("x-session", "{session.token}")],
            extensions,
        };
        step(model, AuthenticationStep::Session(session));
    });
}

#[test]
fn of_the_descriptor_its_endpoints_and_traits() {
    shown("the descriptor", |model, extensions| model.extensions = extensions);
    shown("the endpoint `api`", |model, extensions| model.endpoints[0].extensions = extensions);
    shown("the traits", |model, extensions| model.traits.extensions = extensions);
    shown("the trait `expiry`", |model, extensions| model.traits.expiry.extensions = extensions);
    shown("the trait `last-used`", |model, extensions| model.traits.last_used.extensions = extensions);
    shown("the trait `rate`", |model, extensions| model.traits.rate.extensions = extensions);
    shown("the trait `marker`", |model, extensions| {
        let attribute = "name".into();
        model.traits.marker = Some(Marker { attribute, max_length: 9, filterable: false, extensions });
    });
    shown("the trait `quota`", |model, extensions| {
        model.traits.quota = Some(QuotaLimit { limit: None, scope: QuotaScope::Project, extensions });
    });
    shown("the trait `lock-out`", |model, extensions| {
        model.traits.lock_out = Some(LockOut { tries: 3, seconds: None, extensions });
    });
    shown("the trait `idempotency`", |model, extensions| {
        model.traits.idempotency = Some(Idempotency { window: None, extensions });
    });
    shown("the trait `disabling`", |model, extensions| {
        model.operations.push(Operation::SetEnabled);
        model.rules.push(rule(&[Operation::SetEnabled], "PATCH", "/keys/{id}"));
        model.traits.disabling = Some(Disabling { reversible: true, delay: None, extensions });
    });
}

//! Every element of a descriptor, malformed or contradicting another, is refused by its name.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

mod demands_and_placements;
mod extensions;

use keywright_descriptor::{Descriptor, DescriptorError, Schemas};
use keywright_model::descriptor::{
    AnswerLocation, AuthenticationScheme, AuthenticationStep, BasicAuthentication, BodyLocation, ClientAuthentication,
    ClientSecret, Demand, DemandLocation, Derivation, Descriptor as Model, Disabling, EmbeddedJson, Encoding, Endpoint,
    ExpirySupport, HmacAuthentication, IdForm, Idempotency, JsonWebToken, KeyPair, LockOut, Marker, NamedTemplate,
    OAuth2Authentication, OAuth2Grant, PartDescription, PartOrigin, Placement, QuotaLimit, QuotaScope, RandomPolicy,
    RequestContent, Rule, SecretLocation, SessionAuthentication, SignatureAuthentication, TlsAuthentication,
};
use keywright_model::{Extension, Operation, Text};

fn named(name: &'static str, value: &'static str) -> NamedTemplate {
    NamedTemplate { name: name.into(), value: value.into() }
}

fn later(name: &'static str) -> Extension {
    Extension { name: name.into(), parameters: "{}".into() }
}

fn part(name: &'static str, secret: bool) -> PartDescription {
    PartDescription {
        name: name.into(),
        title: name.into(),
        secret,
        required: true,
        identifies: false,
        pattern: None,
        environment: Vec::new(),
        origin: PartOrigin::Vendor,
        extensions: None,
    }
}

fn secret(part: Option<&'static str>, location: AnswerLocation) -> SecretLocation {
    SecretLocation {
        part: part.map(Text::from),
        location,
        encoding: Encoding::Plain,
        public_prefix_ends_with: "".into(),
        extensions: None,
    }
}

fn rule(operations: &[Operation], method: &'static str, path: &'static str) -> Rule {
    Rule {
        operations: operations.to_vec(),
        endpoint: "api".into(),
        method: method.into(),
        path: path.into(),
        scheme: "api".into(),
        ..Rule::default()
    }
}

/// A descriptor that is proper: a token makes, shows, verifies and ends keys.
fn proper() -> Model {
    let mut model = Model {
        vendor: "vendor".into(),
        title: "Vendor keys".into(),
        version: "1.0.0".into(),
        operations: vec![Operation::Create, Operation::Get, Operation::Verify, Operation::Revoke],
        settings: r#"{"type": "object", "properties": {"region": {"type": "string"}, "pin": {"type": "string", "writeOnly": true}}}"#
            .into(),
        attributes: r#"{"type": "object", "properties": {"name": {"type": "string"}}}"#.into(),
        endpoints: vec![Endpoint { name: "api".into(), url: "https://api.vendor.example".into(), extensions: None }],
        schemes: vec![
            AuthenticationScheme {
                name: "api".into(),
                steps: vec![AuthenticationStep::Headers(vec![named("authorization", "Bearer {parts.token}")])],
                extensions: None,
            },
            AuthenticationScheme {
                name: "key".into(),
                steps: vec![AuthenticationStep::Headers(vec![named("x-key", "{parts.secret_key}")])],
                extensions: None,
            },
        ],
        rules: vec![
            Rule {
                mints: true,
                secrets: vec![secret(Some("secret_key"), AnswerLocation::Json("/secret".into()))],
                ..rule(&[Operation::Create], "POST", "/keys")
            },
            rule(&[Operation::Get], "GET", "/keys/{id}"),
            Rule { scheme: "key".into(), ..rule(&[Operation::Verify], "GET", "/me") },
            rule(&[Operation::Revoke], "DELETE", "/keys/{id}"),
        ],
        id: IdForm { pattern: "^[a-z0-9]+$".into(), forms: vec!["ID".into()] },
        ..Model::default()
    };
    model.administrator.parts.push(part("token", true));
    model.issued.parts.push(part("access_key", false));
    model.issued.parts.push(part("secret_key", true));
    model
}

fn refusal(change: impl FnOnce(&mut Model)) -> String {
    let mut model = proper();
    change(&mut model);
    match Descriptor::read(model).and_then(|descriptor| Schemas::new(&descriptor).map(|_| descriptor)) {
        Err(error) => error.to_string(),
        Ok(descriptor) => panic!("it is accepted: {:?}", descriptor.rules.to_string()),
    }
}

/// A change of a proper descriptor, and words of the message that refuses it.
type Case = (fn(&mut Model), &'static [&'static str]);

fn all(cases: &[Case]) {
    for (index, (change, words)) in cases.iter().enumerate() {
        let message = refusal(change);
        for word in *words {
            assert!(message.contains(word), "case {index}: `{word}` is not in: {message}");
        }
    }
}

fn step(model: &mut Model, step: AuthenticationStep) {
    model.schemes[0].steps = vec![step];
}

#[test]
fn what_is_proper_is_accepted() {
    let descriptor = Descriptor::read(proper()).unwrap();
    assert!(Schemas::new(&descriptor).is_ok());
    assert_eq!(descriptor.rules.rules.len(), 4);
    assert_eq!(descriptor.secret_settings().collect::<Vec<_>>(), ["pin"]);
    assert_eq!(descriptor.rules.rules[2].scheme.as_deref(), Some("key"));
}

#[test]
fn names_endpoints_and_operations() {
    all(&[
        (|model| model.vendor = "Vendor".into(), &["the vendor `Vendor` is not a name"]),
        (|model| model.title = "a\u{1b}[2Jb".into(), &["characters that do not print"]),
        (|model| model.endpoints[0].name = "API".into(), &["endpoint `API` is not a name"]),
        (|model| model.endpoints.push(model.endpoints[0].clone()), &["two endpoints", "`api`"]),
        (|model| model.endpoints[0].url = "http://api.vendor.example".into(), &["the endpoint `api` is malformed"]),
        (|model| model.endpoints[0].url = "https://{parts.token}.example".into(), &["the endpoint `api` is malformed"]),
        (|model| model.endpoints[0].url = "https://{settings.region.example".into(), &["the endpoint `api`"]),
        (|model| model.endpoints[0].url = "https://api.vendor.example/v1".into(), &["the endpoint `api`"]),
        (|model| model.endpoints[0].url = "https://jo@api.vendor.example".into(), &["the endpoint `api`"]),
        (|model| model.endpoints[0].url = "https://api.vendor.example:0".into(), &["the endpoint `api`"]),
        // One that no rule names.
        (
            |model| {
                let url = "ftp://api.vendor.example".into();
                model.endpoints.push(Endpoint { name: "files".into(), url, extensions: None });
            },
            &["the endpoint `files` is malformed"],
        ),
        (|model| model.operations.push(Operation::List), &["`list` is said to work"]),
        (|model| model.operations.truncate(3), &["rule 4 is for `revoke`"]),
        (|model| model.extensions = Some("[]".into()), &["extensions of the descriptor"]),
        (|model| model.endpoints[0].extensions = Some("{".into()), &["extensions of the endpoint `api`"]),
    ]);
}

#[test]
fn rules() {
    all(&[
        (|model| model.rules[1].endpoint = "other".into(), &["rule 2", "endpoint `other`"]),
        (|model| model.rules[1].scheme = "other".into(), &["rule 2", "scheme `other`"]),
        (|model| model.rules[1].method = "get".into(), &["rule 2", "`get` is not a method"]),
        (|model| model.rules[1].path = "/keys/../{id}".into(), &["rule 2"]),
        (|model| model.rules[1].path = "/keys/{a}{b}".into(), &["rule 2"]),
        (|model| model.rules[1].query = Some(vec!["".into()]), &["rule 2"]),
        (|model| model.rules[1].headers = vec!["cookie".into()], &["rule 2", "cookie"]),
        (|model| model.rules[1].headers = vec!["not a header".into()], &["rule 2", "not a header"]),
        (|model| model.rules[1].mints = true, &["rule 2", "mint"]),
        (
            |model| model.rules[1].extensions = Some(r#"{"only-once": true}"#.into()),
            &["rule 2", "`only-once`", "newer host"],
        ),
        (|model| model.rules[0].secrets[0].part = Some("access_key".into()), &["rule 1", "`access_key`"]),
        (|model| model.rules[0].secrets[0].location = AnswerLocation::Json("secret".into()), &["rule 1", "secret"]),
        (|model| model.rules[0].secrets[0].location = AnswerLocation::Xml("A/B".into()), &["rule 1"]),
        (|model| model.rules[0].secrets[0].location = AnswerLocation::Header("a b".into()), &["rule 1", "a b"]),
        (|model| model.rules[0].secrets[0].location = AnswerLocation::Form("".into()), &["rule 1"]),
        (
            |model| {
                model.rules[0].secrets[0].location =
                    AnswerLocation::Embedded(EmbeddedJson { pointer: "/a".into(), inner: "b".into() });
            },
            &["rule 1"],
        ),
        (
            |model| model.rules[0].secrets[0].location = AnswerLocation::Other(later("cbor")),
            &["rule 1", "`cbor`", "newer host"],
        ),
        (
            |model| model.rules[0].secrets[0].encoding = Encoding::Other(later("hex")),
            &["rule 1", "`hex`", "newer host"],
        ),
        (|model| model.rules[0].secrets[0].public_prefix_ends_with = "e".into(), &["rule 1"]),
        (|model| model.rules[0].secrets[0].extensions = Some(r#"{"x": 1}"#.into()), &["secret of rule 1", "`x`"]),
        (
            |model| {
                model.rules[1].demands =
                    vec![Demand { location: DemandLocation::Form("Action".into()), values: vec![] }];
            },
            &["rule 2"],
        ),
        (
            |model| {
                let values = vec!["CreateKey".into()];
                model.rules[1].demands = vec![Demand { location: DemandLocation::Json("/method".into()), values }];
            },
            &["rule 2", "CreateKey"],
        ),
        (
            |model| {
                let values = vec!["x".into()];
                model.rules[1].demands = vec![Demand { location: DemandLocation::Other(later("cookie")), values }];
            },
            &["rule 2", "`cookie`", "newer host"],
        ),
        (|model| model.rules[0].placements = vec![placement("parts.secret_key")], &["rule 1", "`parts.secret_key`"]),
        (|model| model.rules[0].placements = vec![placement("settings.region")], &["rule 1", "`settings.region`"]),
        (|model| model.rules[0].placements = vec![placement("pin")], &["rule 1", "`pin`"]),
        (
            |model| {
                let place = Placement { location: BodyLocation::Other(later("cookie")), ..placement("settings.pin") };
                model.rules[0].placements = vec![place];
            },
            &["rule 1", "`cookie`", "newer host"],
        ),
    ]);
}

fn placement(source: &'static str) -> Placement {
    Placement {
        source: source.into(),
        location: BodyLocation::Json("/pin".into()),
        encoding: Encoding::Plain,
        extensions: None,
    }
}

#[test]
fn schemes() {
    fn jwt(algorithm: &'static str, claims: &'static str) -> JsonWebToken {
        JsonWebToken {
            algorithm: algorithm.into(),
            key: "{parts.token}".into(),
            key_id: None,
            claims: claims.into(),
            lifetime: 60,
            extensions: None,
        }
    }
    fn oauth2(grant: OAuth2Grant, client: ClientAuthentication) -> OAuth2Authentication {
        OAuth2Authentication {
            endpoint: "api".into(),
            path: "/token".into(),
            grant,
            client,
            scope: None,
            parameters: Vec::new(),
            extensions: None,
        }
    }
    fn client() -> ClientAuthentication {
        ClientAuthentication::Basic(ClientSecret { id: "me".into(), secret: "{parts.token}".into() })
    }
    fn hmac(algorithm: &'static str, message: &'static str) -> HmacAuthentication {
        HmacAuthentication {
            algorithm: algorithm.into(),
            key: "{parts.token}".into(),
            key_encoding: "text".into(),
            message: message.into(),
            encoding: "hex".into(),
            headers: vec![named("x-signature", "{signature}")],
            extensions: None,
        }
    }
    fn session(method: &'static str, token: AnswerLocation) -> SessionAuthentication {
        SessionAuthentication {
            endpoint: "api".into(),
            method: method.into(),
            path: "/login".into(),
            headers: Vec::new(),
            content: RequestContent::Json(r#"{"token": "{parts.token}"}"#.into()),
            token,
            expires_in: None,
            lifetime: 60,
            send: vec![named("x-session", "{session.token}")],
            extensions: None,
        }
    }
    all(&[
        (|model| model.schemes[0].name = "A".into(), &["authentication scheme `A` is not a name"]),
        (|model| model.schemes[1].name = "api".into(), &["two authentication schemes", "`api`"]),
        (|model| model.schemes[0].extensions = Some(r#"{"x": 1}"#.into()), &["authentication scheme `api`", "`x`"]),
        (|model| step(model, AuthenticationStep::Headers(vec![named("host", "{parts.token}")])), &["api", "host"]),
        (|model| step(model, AuthenticationStep::Headers(vec![named("x-key", "{parts.to ken}")])), &["api", "headers"]),
        (
            |model| step(model, AuthenticationStep::Headers(vec![named("x-key", "{parts.other}")])),
            &["`api`", "`other`"],
        ),
        (
            |model| step(model, AuthenticationStep::Headers(vec![named("x-key", "constant")])),
            &["`api`", "no secret part"],
        ),
        (|model| model.rules[2].scheme = "api".into(), &["rule 3", "`token`", "an issued credential has none"]),
        (|model| model.schemes[1].steps.clear(), &["rule 3", "`key`", "would prove nothing"]),
        (
            |model| {
                step(
                    model,
                    AuthenticationStep::Basic(BasicAuthentication { username: "{".into(), password: "x".into() }),
                );
            },
            &["`api`", "username"],
        ),
        (|model| step(model, AuthenticationStep::BearerJwt(jwt("RS512", "{}"))), &["`api`", "algorithm", "RS256"]),
        (|model| step(model, AuthenticationStep::BearerJwt(jwt("HS256", "[1"))), &["`api`", "claims"]),
        (
            |model| step(model, AuthenticationStep::OAuth2(oauth2(OAuth2Grant::Other(later("device")), client()))),
            &["`api`", "`device`", "newer host"],
        ),
        (
            |model| {
                let client = ClientAuthentication::Other(later("dpop"));
                step(model, AuthenticationStep::OAuth2(oauth2(OAuth2Grant::ClientCredentials, client)));
            },
            &["`api`", "`dpop`", "newer host"],
        ),
        (
            |model| {
                let oauth2 = OAuth2Authentication {
                    endpoint: "auth".into(),
                    ..oauth2(OAuth2Grant::ClientCredentials, client())
                };
                step(model, AuthenticationStep::OAuth2(oauth2));
            },
            &["`api`", "endpoint `auth`"],
        ),
        (
            |model| step(model, AuthenticationStep::Session(session("DELETE", AnswerLocation::Json("/t".into())))),
            &["`api`", "method"],
        ),
        (|model| step(model, AuthenticationStep::Session(session("POST", AnswerLocation::Text))), &["`api`", "token"]),
        (
            |model| step(model, AuthenticationStep::Hmac(hmac("md5", "{request.body}"))),
            &["`api`", "algorithm", "sha256"],
        ),
        (|model| step(model, AuthenticationStep::Hmac(hmac("sha256", "{request.cookies}"))), &["`api`", "message"]),
        (
            |model| {
                let tls = TlsAuthentication { certificate: "{parts.token".into(), key: "x".into(), extensions: None };
                step(model, AuthenticationStep::MutualTls(tls));
            },
            &["`api`", "certificate"],
        ),
        (
            |model| {
                step(
                    model,
                    AuthenticationStep::Signature(SignatureAuthentication {
                        algorithm: "aws4".into(),
                        access_key: "{parts.token}".into(),
                        secret_key: "{parts.token}".into(),
                        session_token: Some("{oops}".into()),
                        region: "r".into(),
                        service: "s".into(),
                        extensions: None,
                    }),
                );
            },
            &["`api`", "session-token"],
        ),
    ]);
}

/// It is for the operator to say whether an adapter may take a step that the host does not know.
#[test]
fn an_unknown_step_is_there_to_be_decided_on() {
    let mut model = proper();
    step(&mut model, AuthenticationStep::Other(later("gnap")));
    let descriptor = Descriptor::read(model).unwrap();
    assert_eq!(descriptor.unknown_steps().collect::<Vec<_>>(), ["gnap"]);
}

#[test]
fn parts() {
    fn made(model: &mut Model, origin: PartOrigin) {
        model.issued.parts.push(PartDescription { origin, ..part("made", true) });
    }
    fn derived(function: &'static str, input: &'static str) -> PartOrigin {
        PartOrigin::Derived(Derivation { function: function.into(), input: input.into(), extensions: None })
    }
    fn pair(algorithm: &'static str, public_form: &'static str, private_form: &'static str) -> PartOrigin {
        let [algorithm, public_form, private_form] = [algorithm, public_form, private_form].map(Text::from);
        PartOrigin::KeyPair(KeyPair { algorithm, public_form, private_form, extensions: None })
    }
    fn random(length: u32, alphabet: &'static str) -> PartOrigin {
        PartOrigin::Random(RandomPolicy { length, alphabet: alphabet.into(), required: Vec::new(), extensions: None })
    }
    all(&[
        (|model| model.issued.parts[0].name = "Access-Key".into(), &["the part `Access-Key` is not a name"]),
        (|model| model.issued.parts.push(part("access_key", false)), &["two parts", "`access_key`"]),
        (|model| model.issued.parts[0].pattern = Some("[A-Z]+".into()), &["`access_key`", "not anchored"]),
        (|model| model.issued.parts[0].pattern = Some("^(a$".into()), &["`access_key`", "not a regular expression"]),
        (|model| model.issued.parts[0].extensions = Some(r#"{"x": 1}"#.into()), &["`access_key`", "`x`"]),
        (|model| model.issued.extensions = Some(r#"{"x": 1}"#.into()), &["an issued credential", "`x`"]),
        (|model| model.issued.parts[1].identifies = true, &["`secret_key`", "cannot be the secret"]),
        (|model| model.issued.parts.push(part("other", true)), &["`other`", "no rule says where it stands"]),
        (|model| made(model, derived("md5", "{parts.access_key}")), &["`made`", "`md5`", "sha256-hex"]),
        (|model| made(model, derived("text", "{parts.later}")), &["`made`", "`later`", "not described before it"]),
        (|model| made(model, derived("text", "{parts.")), &["`made`", "input"]),
        (
            |model| {
                let origin = derived("sha256-hex", "{parts.secret_key}");
                model.issued.parts.push(PartDescription { origin, ..part("made", false) });
            },
            &["`made`", "not secret itself"],
        ),
        (|model| made(model, pair("rsa", "spki-pem", "pkcs8-pem")), &["`made`", "`rsa`", "ed25519"]),
        (|model| made(model, pair("ed25519", "pgp", "pkcs8-pem")), &["`made`", "`pgp`", "spki-pem"]),
        (|model| made(model, pair("ed25519", "jwk", "ssh")), &["`made`", "`ssh`", "pkcs8-pem"]),
        (|model| made(model, random(4, "ab")), &["`made`", "policy"]),
        (|model| made(model, random(40, "")), &["`made`", "policy"]),
        (|model| made(model, PartOrigin::Other(later("hsm"))), &["`made`", "`hsm`", "newer host"]),
        (
            |model| {
                let origin = random(40, "0123456789abcdef");
                model.issued.parts.push(PartDescription { origin, ..part("made", false) });
            },
            &["`made`", "is not secret"],
        ),
        (
            |model| {
                let origin = random(40, "0123456789abcdef");
                model.administrator.parts.push(PartDescription { origin, ..part("made", true) });
            },
            &["`made`", "administrator", "`random`"],
        ),
    ]);
}

/// A secret part in this variable, and settings of these properties.
fn with_variables(model: &mut Model, variable: &'static str, settings: &'static str) {
    model.administrator.parts[0] = PartDescription { environment: vec![variable.into()], ..part("token", true) };
    model.schemes[0].steps = vec![AuthenticationStep::Headers(vec![named("authorization", "Bearer {parts.token}")])];
    model.settings = settings.into();
}

#[test]
fn a_variable_has_one_role() {
    all(&[
        (
            |model| {
                with_variables(model, "VENDOR_KEY", "{}");
                model
                    .issued
                    .parts
                    .push(PartDescription { environment: vec!["VENDOR_KEY".into()], ..part("shown", false) });
            },
            &["`VENDOR_KEY`", "the secret part token", "the public part shown"],
        ),
        (
            |model| {
                let settings = r#"{"properties": {"region": {"type": "string", "x-keywright-env": ["VENDOR_KEY"]}}}"#;
                with_variables(model, "VENDOR_KEY", settings);
            },
            &["`VENDOR_KEY`", "the secret part token", "the setting region"],
        ),
        // The same variable on systems that do not tell upper case from lower.
        (
            |model| {
                let settings = r#"{"properties": {"region": {"x-keywright-env": ["vendor_key"]}}}"#;
                with_variables(model, "VENDOR_KEY", settings);
            },
            &["`vendor_key`", "the secret part token", "the setting region"],
        ),
        // Both are secret, and yet the adapter chooses which the vendor gets in which place.
        (
            |model| {
                let settings = r#"{"properties": {"hook": {"writeOnly": true, "x-keywright-env": ["VENDOR_KEY"]}}}"#;
                with_variables(model, "VENDOR_KEY", settings);
            },
            &["`VENDOR_KEY`", "the secret setting hook"],
        ),
        (
            |model| {
                let settings = r#"{"properties": {"a": {"x-keywright-env": ["X"]}, "b": {"x-keywright-env": ["X"]}}}"#;
                with_variables(model, "VENDOR_KEY", settings);
            },
            &["`X`", "the setting a", "the setting b"],
        ),
        (
            |model| with_variables(model, "VENDOR KEY", "{}"),
            &["`VENDOR KEY`", "not the name of an environment variable"],
        ),
        (
            |model| with_variables(model, "K", r#"{"properties": {"a": {"x-keywright-env": ["\u001b[2J"]}}}"#),
            &["not the name of an environment variable"],
        ),
    ]);
}

#[test]
fn what_is_secret_of_the_settings_is_said_in_one_place() {
    all(&[
        // One reader follows the reference, and another does not.
        (
            |model| {
                let settings = r##"{"properties": {"a": {"$ref": "#/$defs/a"}},
                                    "$defs": {"a": {"type": "string", "x-keywright-env": ["VENDOR_KEY"]}}}"##;
                with_variables(model, "VENDOR_KEY", settings);
            },
            &["schema of the settings", "`x-keywright-env` elsewhere"],
        ),
        (
            |model| {
                let settings = r##"{"properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"writeOnly": true}}}"##;
                with_variables(model, "VENDOR_KEY", settings);
            },
            &["schema of the settings", "`writeOnly` elsewhere"],
        ),
        (
            |model| {
                let settings =
                    r##"{"properties": {"a": {"$ref": "#/$defs/a", "writeOnly": true}}, "$defs": {"a": {}}}"##;
                with_variables(model, "VENDOR_KEY", settings);
            },
            &["schema of the settings", "next to a `$ref`"],
        ),
        (
            |model| {
                let settings = r#"{"allOf": [{"properties": {"a": {"writeOnly": true}}}]}"#;
                with_variables(model, "VENDOR_KEY", settings);
            },
            &["schema of the settings", "`writeOnly` elsewhere"],
        ),
    ]);
}

#[test]
fn a_scheme_rests_on_a_secret_that_is_always_there() {
    all(&[(
        |model| {
            with_variables(model, "VENDOR_KEY", "{}");
            model.administrator.parts[0].required = false;
        },
        &["uses no secret part that the administrator's credential always has"],
    )]);
}

#[test]
fn schemas_ids_and_traits() {
    all(&[
        (|model| model.settings = "[]".into(), &["schema of the settings", "not a JSON object"]),
        (|model| model.attributes = "{".into(), &["schema of the attributes", "not JSON"]),
        (|model| model.attributes = r##"{"$ref": "#"}"##.into(), &["schema of the attributes", "to itself"]),
        (|model| model.settings = r#"{"$id": "https://evil.example"}"#.into(), &["schema of the settings", "`$id`"]),
        (|model| model.settings = r#"{"type": 7}"#.into(), &["schema of the settings"]),
        (
            |model| model.attributes = r#"{"properties": {"a": {"pattern": "^(a+)+\\1$"}}}"#.into(),
            &["schema of the attributes"],
        ),
        (|model| model.id.pattern = "[a-z]+".into(), &["pattern of ids", "not anchored"]),
        (|model| model.id.pattern = "^[a-z$".into(), &["pattern of ids", "not a regular expression"]),
        (|model| model.id.pattern = r"^(a)\1$".into(), &["pattern of ids", "not a regular expression"]),
        (|model| model.id.pattern = "^(?:[a-z]{1000}){1000}$".into(), &["pattern of ids", "too large"]),
        (|model| model.traits.expiry.required = true, &["trait `expiry`", "required"]),
        (|model| model.traits.expiry.granularity = 0, &["trait `expiry`", "granularity"]),
        (
            |model| (model.traits.expiry.least, model.traits.expiry.most) = (Some(2), Some(1)),
            &["trait `expiry`", "least"],
        ),
        (
            |model| {
                let attribute = "note".into();
                let marker = Marker { attribute, max_length: 9, filterable: false, extensions: None };
                model.traits.marker = Some(marker);
            },
            &["trait `marker`", "attribute"],
        ),
        (
            |model| model.traits.disabling = Some(Disabling { reversible: true, delay: None, extensions: None }),
            &["trait `disabling`", "`set-enabled`"],
        ),
        (
            |model| model.traits.lock_out = Some(LockOut { tries: 0, seconds: None, extensions: None }),
            &["trait `lock-out`"],
        ),
        (|model| model.traits.rate.remaining_header = Some("a b".into()), &["trait `rate`", "`a b`", "a header"]),
        (|model| model.traits.rate.reset_header = Some("".into()), &["trait `rate`", "a header"]),
        (
            |model| {
                let scope = QuotaScope::Owner;
                model.traits.quota = Some(QuotaLimit { limit: Some(0), scope, extensions: None });
            },
            &["trait `quota`", "limit 0"],
        ),
        (
            |model| model.traits.idempotency = Some(Idempotency { window: Some(0), extensions: None }),
            &["trait `idempotency`", "0 seconds"],
        ),
        (|model| model.traits.last_used.lag = Some(60), &["trait `last-used`", "lag"]),
        (
            |model| model.traits.expiry.support = ExpirySupport::Other(later("sliding")),
            &["trait `expiry`", "`sliding`", "newer host"],
        ),
        (
            |model| {
                let attribute = "name".into();
                let marker = Marker { attribute, max_length: 0, filterable: false, extensions: None };
                model.traits.marker = Some(marker);
            },
            &["trait `marker`", "no room"],
        ),
    ]);
}

/// What cannot change what is allowed or hidden is passed over, and shown.
#[test]
fn unknown_extensions_that_change_nothing_are_ignored_and_shown() {
    let mut model = proper();
    model.extensions = Some(r#"{"colour": "red"}"#.into());
    model.traits.expiry.extensions = Some(r#"{"skew": 3}"#.into());
    let descriptor = Descriptor::read(model).unwrap();
    assert_eq!(descriptor.ignored_extensions, ["the descriptor: colour", "the trait `expiry`: skew"]);
}

/// A schema of a hundred patterns would take a hundred times the memory of one.
#[test]
fn patterns_have_a_budget() {
    let properties: Vec<String> = (0..60).map(|number| format!(r#""p{number}": {{"pattern": "^a$"}}"#)).collect();
    let attributes = format!(r#"{{"properties": {{{}}}}}"#, properties.join(","));
    let model = Model { attributes: attributes.into(), ..proper() };
    let error = Descriptor::read(model).and_then(|descriptor| Schemas::new(&descriptor).map(drop)).unwrap_err();
    assert!(matches!(error, DescriptorError::Schema { what: "attributes", .. }), "{error}");
}

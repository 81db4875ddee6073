//! A vendor that exists in tests only, with what the built-in ones may lack.

use std::borrow::Cow;

use keywright_model::descriptor::{self as model, AnswerLocation, AuthenticationStep, Encoding, PartOrigin};
use keywright_runtime::{Descriptor, ExpirySupport, Operation};
use serde_json::{Value, json};

/// The vendor's adapter describes itself so.
pub(crate) fn model() -> model::Descriptor {
    let settings = json!({
        "properties": {
            "tenant": { "type": "integer", "x-keywright-env": ["INITECH_TENANT", "TENANT"] },
            "region": { "type": "string", "default": "here" },
            "project": { "type": "string" },
            "webhook_key": { "type": "string", "writeOnly": true, "x-keywright-env": ["INITECH_WEBHOOK_KEY"] }
        },
        "required": ["tenant", "region"],
        "additionalProperties": false
    });
    let attributes = json!({
        "properties": {
            "scopes": { "type": "array", "items": { "type": "string" } },
            "pin": { "type": "string", "writeOnly": true },
            "owner": { "type": "string", "x-keywright-filter": "required" },
            "age": { "type": "integer", "readOnly": true }
        },
        "additionalProperties": false
    });
    let session = part("session_token", true, false, &["INITECH_SESSION_TOKEN"]);
    let administrator = vec![
        model::PartDescription { identifies: true, ..part("key_id", false, false, &[]) },
        model::PartDescription { pattern: Some("^t[a-z-]*$".into()), ..part("token", true, true, &["INITECH_TOKEN"]) },
        session,
    ];
    let issued = vec![
        model::PartDescription { identifies: true, ..part("key_id", false, true, &[]) },
        part("token", true, true, &[]),
    ];
    model::Descriptor {
        vendor: "initech".into(),
        title: "Initech keys".into(),
        version: "1.2.3".into(),
        operations: vec![Operation::Create, Operation::Get, Operation::Update, Operation::Verify],
        settings: settings.to_string().into(),
        attributes: attributes.to_string().into(),
        endpoints: vec![model::Endpoint {
            name: "api".into(),
            url: "https://api.initech.example".into(),
            extensions: None,
        }],
        schemes: vec![model::AuthenticationScheme {
            name: "token".into(),
            steps: vec![AuthenticationStep::Headers(vec![model::NamedTemplate {
                name: "authorization".into(),
                value: "Token {parts.token}".into(),
            }])],
            extensions: None,
        }],
        rules: vec![
            minting(rule(&[Operation::Create], "POST", "/keys")),
            rule(&[Operation::Get, Operation::Verify], "GET", "/keys/{id}"),
            minting(rule(&[Operation::Update], "PATCH", "/keys/{id}")),
        ],
        administrator: model::CredentialDescription { parts: administrator, extensions: None },
        issued: model::CredentialDescription { parts: issued, extensions: None },
        id: model::IdForm { pattern: "^[a-z]+/[0-9]+$".into(), forms: vec!["OWNER/KEY_ID".into()] },
        traits: model::Traits {
            expiry: model::Expiry { support: ExpirySupport::MutableRegenerates, ..model::Expiry::default() },
            ..model::Traits::default()
        },
        extensions: None,
    }
}

/// The same, checked.
pub(crate) fn descriptor() -> Descriptor {
    Descriptor::read(model()).unwrap()
}

/// A descriptor that differs from [`model`].
pub(crate) fn changed(change: impl FnOnce(&mut model::Descriptor)) -> Descriptor {
    let mut model = model();
    change(&mut model);
    Descriptor::read(model).unwrap()
}

/// A part that the vendor makes.
pub(crate) fn part(
    name: &'static str,
    secret: bool,
    required: bool,
    environment: &[&'static str],
) -> model::PartDescription {
    model::PartDescription {
        name: name.into(),
        title: name.into(),
        secret,
        required,
        identifies: false,
        pattern: None,
        environment: environment.iter().map(|variable| Cow::Borrowed(*variable)).collect(),
        origin: PartOrigin::Vendor,
        extensions: None,
    }
}

/// A rule of the one endpoint.
pub(crate) fn rule(operations: &[Operation], method: &'static str, path: &'static str) -> model::Rule {
    model::Rule {
        operations: operations.to_vec(),
        endpoint: "api".into(),
        method: method.into(),
        path: path.into(),
        scheme: "token".into(),
        ..model::Rule::default()
    }
}

fn minting(rule: model::Rule) -> model::Rule {
    let token = model::SecretLocation {
        part: Some("token".into()),
        location: AnswerLocation::Json("/token".into()),
        encoding: Encoding::Plain,
        public_prefix_ends_with: "".into(),
        extensions: None,
    };
    model::Rule { mints: true, secrets: vec![token], ..rule }
}

/// A JSON object as the map that it is.
pub(crate) fn object(value: Value) -> serde_json::Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

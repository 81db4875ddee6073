//! A vendor that exists in tests only, with what the built-in ones may lack.

use keywright_auth::{HeaderTemplate, Scheme};
use keywright_runtime::{Descriptor, Endpoint, ExpirySupport, LastUsed, Operation, PartDescription};
use serde_json::json;

/// The vendor's adapter says this of itself.
pub(crate) fn descriptor() -> Descriptor {
    let part = |name: &str, secret: bool, environment: &[&str]| PartDescription {
        name: name.to_owned(),
        title: name.to_owned(),
        secret,
        identifies: !secret,
        environment: environment.iter().map(|variable| (*variable).to_owned()).collect(),
    };
    let rules = "create POST https://api.initech.example/keys mints token=/token\n\
                 get,verify GET https://api.initech.example/keys/{id}\n\
                 update PATCH https://api.initech.example/keys/{id} mints token=/token";
    Descriptor {
        vendor: "initech".to_owned(),
        title: "Initech keys".to_owned(),
        version: "1.2.3".to_owned(),
        operations: vec![Operation::Create, Operation::Get, Operation::Update, Operation::Verify],
        settings: json!({
            "properties": {
                "tenant": { "type": "integer", "x-keywright-env": ["INITECH_TENANT", "TENANT"] },
                "region": { "type": "string", "default": "here" },
                "project": { "type": "string" }
            },
            "required": ["tenant", "region"],
            "additionalProperties": false
        }),
        attributes: json!({
            "properties": {
                "scopes": { "type": "array", "items": { "type": "string" } },
                "pin": { "type": "string", "writeOnly": true },
                "owner": { "type": "string", "x-keywright-filter": true },
                "age": { "type": "integer", "readOnly": true }
            },
            "additionalProperties": false
        }),
        endpoints: vec![Endpoint { name: "api".to_owned(), url: "https://api.initech.example".to_owned() }],
        rules: rules.parse().unwrap(),
        scheme: Scheme::Headers(vec![HeaderTemplate::parse("authorization", "Token {parts.token}").unwrap()]),
        parts: vec![part("key_id", false, &[]), part("token", true, &["INITECH_TOKEN"])],
        id_pattern: "^[a-z]+/[0-9]+$".to_owned(),
        id_forms: vec!["OWNER/KEY_ID".to_owned()],
        expiry: ExpirySupport::MutableRegenerates,
        marker: None,
        max_live_per_owner: Some(1),
        consistency_delay: 0,
        last_used: LastUsed::Day,
    }
}

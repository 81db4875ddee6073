//! A descriptor as a host reads it.

mod authentication;
mod traits;

use keywright_model::descriptor as model;

use super::Descriptor;
use crate::wire::descriptors as wire;
use crate::wire::{Maybe, Text};
use crate::{Extension, Extensions, Operation};

impl Descriptor {
    /// The descriptor as a host reads it, without the operations: those are for the adapter's `impl` block to say.
    pub fn model(&self) -> model::Descriptor {
        let wire = self.clone().finish(&[]).wire;
        model::Descriptor {
            vendor: wire.vendor.into(),
            title: wire.title.into(),
            version: wire.version.into(),
            operations: Vec::new(),
            settings: wire.settings.into(),
            attributes: wire.attributes.into(),
            endpoints: wire.endpoints.into_iter().map(endpoint).collect(),
            schemes: wire.schemes.into_iter().map(authentication::scheme).collect(),
            rules: wire.rules.into_iter().map(rule).collect(),
            administrator: credential(wire.administrator),
            issued: credential(wire.issued),
            id: model::IdForm {
                pattern: wire.id.pattern.into(),
                forms: wire.id.forms.into_iter().map(Into::into).collect(),
            },
            traits: traits::traits(wire.traits),
            extensions: extensions(wire.extensions),
        }
    }
}

fn extensions(extensions: Maybe<Text>) -> Extensions {
    extensions.into_option().map(Into::into)
}

fn extension(extension: wire::Extension) -> Extension {
    Extension { name: extension.name.into(), parameters: extension.parameters.into() }
}

fn endpoint(endpoint: wire::Endpoint) -> model::Endpoint {
    model::Endpoint {
        name: endpoint.name.into(),
        url: endpoint.url.into(),
        extensions: extensions(endpoint.extensions),
    }
}

fn operation(operation: wire::Operation) -> Option<Operation> {
    Some(match operation {
        wire::Operation::Check => Operation::Check,
        wire::Operation::Create => Operation::Create,
        wire::Operation::Get => Operation::Get,
        wire::Operation::List => Operation::List,
        wire::Operation::Update => Operation::Update,
        wire::Operation::SetEnabled => Operation::SetEnabled,
        wire::Operation::Regenerate => Operation::Regenerate,
        wire::Operation::Verify => Operation::Verify,
        wire::Operation::Revoke => Operation::Revoke,
        wire::Operation::Other(_) => return None,
    })
}

fn rule(rule: wire::Rule) -> model::Rule {
    model::Rule {
        operations: rule.operations.into_iter().filter_map(operation).collect(),
        endpoint: rule.endpoint.into(),
        method: rule.method.into(),
        path: rule.path.into(),
        scheme: rule.scheme.into(),
        query: rule.query.into_option().map(|keys| keys.into_iter().map(Into::into).collect()),
        demands: rule.demands.into_iter().map(demand).collect(),
        headers: rule.headers.into_iter().map(Into::into).collect(),
        placements: rule.placements.into_iter().map(placement).collect(),
        mints: rule.mints,
        secrets: rule.secrets.into_iter().map(secret).collect(),
        extensions: extensions(rule.extensions),
    }
}

fn demand(demand: wire::Demand) -> model::Demand {
    model::Demand {
        location: match demand.location {
            wire::DemandLocation::Query(key) => model::DemandLocation::Query(key.into()),
            wire::DemandLocation::Form(field) => model::DemandLocation::Form(field.into()),
            wire::DemandLocation::Json(pointer) => model::DemandLocation::Json(pointer.into()),
            wire::DemandLocation::Header(name) => model::DemandLocation::Header(name.into()),
            wire::DemandLocation::Other(other) => model::DemandLocation::Other(extension(other)),
        },
        values: demand.values.into_iter().map(Into::into).collect(),
    }
}

fn encoding(encoding: wire::Encoding) -> model::Encoding {
    match encoding {
        wire::Encoding::Plain => model::Encoding::Plain,
        wire::Encoding::Base64 => model::Encoding::Base64,
        wire::Encoding::Other(other) => model::Encoding::Other(extension(other)),
    }
}

fn secret(secret: wire::SecretLocation) -> model::SecretLocation {
    model::SecretLocation {
        part: secret.part.into_option().map(Into::into),
        location: answer_location(secret.location),
        encoding: encoding(secret.encoding),
        public_prefix_ends_with: secret.public_prefix_ends_with.into(),
        extensions: extensions(secret.extensions),
    }
}

fn answer_location(location: wire::AnswerLocation) -> model::AnswerLocation {
    match location {
        wire::AnswerLocation::Json(pointer) => model::AnswerLocation::Json(pointer.into()),
        wire::AnswerLocation::Xml(path) => model::AnswerLocation::Xml(path.into()),
        wire::AnswerLocation::Form(field) => model::AnswerLocation::Form(field.into()),
        wire::AnswerLocation::Header(name) => model::AnswerLocation::Header(name.into()),
        wire::AnswerLocation::Text => model::AnswerLocation::Text,
        wire::AnswerLocation::Embedded(embedded) => model::AnswerLocation::Embedded(model::EmbeddedJson {
            pointer: embedded.pointer.into(),
            inner: embedded.inner.into(),
        }),
        wire::AnswerLocation::Other(other) => model::AnswerLocation::Other(extension(other)),
    }
}

fn placement(placement: wire::Placement) -> model::Placement {
    model::Placement {
        source: placement.source.into(),
        location: match placement.location {
            wire::BodyLocation::Json(pointer) => model::BodyLocation::Json(pointer.into()),
            wire::BodyLocation::Form(field) => model::BodyLocation::Form(field.into()),
            wire::BodyLocation::Text => model::BodyLocation::Text,
            wire::BodyLocation::Header(name) => model::BodyLocation::Header(name.into()),
            wire::BodyLocation::Other(other) => model::BodyLocation::Other(extension(other)),
        },
        encoding: encoding(placement.encoding),
        extensions: extensions(placement.extensions),
    }
}

fn credential(credential: wire::CredentialDescription) -> model::CredentialDescription {
    model::CredentialDescription {
        parts: credential.parts.into_iter().map(part).collect(),
        extensions: extensions(credential.extensions),
    }
}

fn part(part: wire::PartDescription) -> model::PartDescription {
    model::PartDescription {
        name: part.name.into(),
        title: part.title.into(),
        secret: part.secret,
        required: part.required,
        identifies: part.identifies,
        pattern: part.pattern.into_option().map(Into::into),
        environment: part.environment.into_iter().map(Into::into).collect(),
        origin: origin(part.origin),
        extensions: extensions(part.extensions),
    }
}

fn origin(origin: wire::PartOrigin) -> model::PartOrigin {
    match origin {
        wire::PartOrigin::Vendor => model::PartOrigin::Vendor,
        wire::PartOrigin::Derived(derivation) => model::PartOrigin::Derived(model::Derivation {
            function: derivation.function.into(),
            input: derivation.input.into(),
            extensions: extensions(derivation.extensions),
        }),
        wire::PartOrigin::KeyPair(pair) => model::PartOrigin::KeyPair(model::KeyPair {
            algorithm: pair.algorithm.into(),
            public_form: pair.public_form.into(),
            private_form: pair.private_form.into(),
            extensions: extensions(pair.extensions),
        }),
        wire::PartOrigin::Random(policy) => model::PartOrigin::Random(model::RandomPolicy {
            length: policy.length,
            alphabet: policy.alphabet.into(),
            required: policy.required.into_iter().map(Into::into).collect(),
            extensions: extensions(policy.extensions),
        }),
        wire::PartOrigin::Other(other) => model::PartOrigin::Other(extension(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Part, Rule, Scheme};

    #[test]
    fn a_rule_that_names_no_scheme_has_the_first() {
        let model = Descriptor::new("v", "V", "1")
            .rule(Rule::get(&[Operation::Get], "api", "/keys/{id}?page"))
            .scheme(Scheme::new("first"))
            .scheme(Scheme::new("second"))
            .rule(Rule::get(&[Operation::Verify], "api", "/keys").scheme("second").any_query())
            .model();
        assert_eq!((&*model.rules[0].scheme, &*model.rules[1].scheme), ("first", "second"));
        assert_eq!(model.rules[0].query, Some(vec!["page".into()]));
        assert_eq!((&*model.rules[0].path, &model.rules[1].query), ("/keys/{id}", &None));
    }

    #[test]
    fn locations_are_written_as_in_a_grant() {
        let rule = Rule::post(&[Operation::Create], "api", "/keys")
            .mints("a", "/keys/*/a")
            .public_prefix_ends_with("$")
            .base64()
            .secret("b", "json:/outer#/inner")
            .secret("c", "xml:/R/Key/Secret")
            .secret("d", "form:d")
            .hides("header:x-secret")
            .hides("text")
            .hides("cookie:x")
            .sends("parts.password", "/password")
            .sends_base64("settings.pepper", "header:x-pepper");
        let rule = super::rule(rule.wire);
        assert!(rule.mints);
        assert_eq!(rule.secrets[0].part.as_deref(), Some("a"));
        assert_eq!(
            (&*rule.secrets[0].public_prefix_ends_with, &rule.secrets[0].encoding),
            ("$", &model::Encoding::Base64)
        );
        let locations: Vec<_> = rule.secrets.into_iter().map(|secret| secret.location).collect();
        assert_eq!(
            locations,
            [
                model::AnswerLocation::Json("/keys/*/a".into()),
                model::AnswerLocation::Embedded(model::EmbeddedJson {
                    pointer: "/outer".into(),
                    inner: "/inner".into()
                }),
                model::AnswerLocation::Xml("/R/Key/Secret".into()),
                model::AnswerLocation::Form("d".into()),
                model::AnswerLocation::Header("x-secret".into()),
                model::AnswerLocation::Text,
                model::AnswerLocation::Other(Extension { name: "cookie:x".into(), parameters: "{}".into() }),
            ]
        );
        assert_eq!(rule.placements[0].location, model::BodyLocation::Json("/password".into()));
        assert_eq!(rule.placements[1].location, model::BodyLocation::Header("x-pepper".into()));
        assert_eq!(rule.placements[1].encoding, model::Encoding::Base64);
    }

    #[test]
    fn a_part_of_both_credentials_is_made_by_the_host_for_issued_ones_only() {
        let model = Descriptor::new("v", "V", "1")
            .part(Part::secret("key", "private key").key_pair("ed25519", "spki-pem"))
            .administrator_part(Part::public("user", "user").optional())
            .model();
        assert_eq!(model.administrator.parts[0].origin, model::PartOrigin::Vendor);
        assert!(matches!(model.issued.parts[0].origin, model::PartOrigin::KeyPair(_)));
        assert_eq!((model.administrator.parts.len(), model.issued.parts.len()), (2, 1));
        assert!(!model.administrator.parts[1].required);
    }
}

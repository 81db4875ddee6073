//! What a component says about itself, as the types of [`keywright_model`].

use keywright_model::descriptor as model;
use keywright_model::{Extension, Extensions, Text};

use crate::contract::bindings::descriptors as wire;
use crate::contract::bindings::types;
use crate::contract::encoder::operation;

/// A descriptor, word for word. Operations of a later version are left out: this host calls none of them.
pub(crate) fn descriptor(wire: wire::Descriptor) -> model::Descriptor {
    model::Descriptor {
        vendor: wire.vendor.into(),
        title: wire.title.into(),
        version: wire.version.into(),
        operations: wire.operations.iter().filter_map(operation).collect(),
        settings: wire.settings.into(),
        attributes: wire.attributes.into(),
        endpoints: each(wire.endpoints, |endpoint| model::Endpoint {
            name: endpoint.name.into(),
            url: endpoint.url.into(),
            extensions: extensions(endpoint.extensions),
        }),
        schemes: each(wire.schemes, |scheme| model::AuthenticationScheme {
            name: scheme.name.into(),
            steps: each(scheme.steps, step),
            extensions: extensions(scheme.extensions),
        }),
        rules: each(wire.rules, rule),
        administrator: credential(wire.administrator),
        issued: credential(wire.issued),
        id: model::IdForm { pattern: wire.id.pattern.into(), forms: each(wire.id.forms, Text::from) },
        traits: traits(wire.traits),
        extensions: extensions(wire.extensions),
    }
}

fn each<W, M>(items: Vec<W>, convert: impl Fn(W) -> M) -> Vec<M> {
    items.into_iter().map(convert).collect()
}

fn extensions(wire: Option<String>) -> Extensions {
    wire.map(Text::from)
}

fn text(wire: Option<String>) -> Option<Text> {
    wire.map(Text::from)
}

fn other(wire: types::Extension) -> Extension {
    Extension { name: wire.name.into(), parameters: wire.parameters.into() }
}

fn rule(wire: wire::Rule) -> model::Rule {
    model::Rule {
        operations: wire.operations.iter().filter_map(operation).collect(),
        endpoint: wire.endpoint.into(),
        method: wire.method.into(),
        path: wire.path.into(),
        scheme: wire.scheme.into(),
        query: wire.query.map(|keys| each(keys, Text::from)),
        demands: each(wire.demands, |demand| model::Demand {
            location: match demand.location {
                wire::DemandLocation::Query(name) => model::DemandLocation::Query(name.into()),
                wire::DemandLocation::Form(name) => model::DemandLocation::Form(name.into()),
                wire::DemandLocation::Json(pointer) => model::DemandLocation::Json(pointer.into()),
                wire::DemandLocation::Header(name) => model::DemandLocation::Header(name.into()),
                wire::DemandLocation::Other(case) => model::DemandLocation::Other(other(case)),
            },
            values: each(demand.values, Text::from),
        }),
        headers: each(wire.headers, Text::from),
        placements: each(wire.placements, |placement| model::Placement {
            source: placement.source.into(),
            location: match placement.location {
                wire::BodyLocation::Json(pointer) => model::BodyLocation::Json(pointer.into()),
                wire::BodyLocation::Form(name) => model::BodyLocation::Form(name.into()),
                wire::BodyLocation::Text => model::BodyLocation::Text,
                wire::BodyLocation::Header(name) => model::BodyLocation::Header(name.into()),
                wire::BodyLocation::Other(case) => model::BodyLocation::Other(other(case)),
            },
            encoding: encoding(placement.encoding),
            extensions: extensions(placement.extensions),
        }),
        mints: wire.mints,
        secrets: each(wire.secrets, |secret| model::SecretLocation {
            part: text(secret.part),
            location: answer_location(secret.location),
            encoding: encoding(secret.encoding),
            public_prefix_ends_with: secret.public_prefix_ends_with.into(),
            extensions: extensions(secret.extensions),
        }),
        extensions: extensions(wire.extensions),
    }
}

fn answer_location(wire: wire::AnswerLocation) -> model::AnswerLocation {
    match wire {
        wire::AnswerLocation::Json(pointer) => model::AnswerLocation::Json(pointer.into()),
        wire::AnswerLocation::Xml(path) => model::AnswerLocation::Xml(path.into()),
        wire::AnswerLocation::Form(name) => model::AnswerLocation::Form(name.into()),
        wire::AnswerLocation::Header(name) => model::AnswerLocation::Header(name.into()),
        wire::AnswerLocation::Text => model::AnswerLocation::Text,
        wire::AnswerLocation::Embedded(embedded) => model::AnswerLocation::Embedded(model::EmbeddedJson {
            pointer: embedded.pointer.into(),
            inner: embedded.inner.into(),
        }),
        wire::AnswerLocation::Other(case) => model::AnswerLocation::Other(other(case)),
    }
}

fn encoding(wire: wire::Encoding) -> model::Encoding {
    match wire {
        wire::Encoding::Plain => model::Encoding::Plain,
        wire::Encoding::Base64 => model::Encoding::Base64,
        wire::Encoding::Other(case) => model::Encoding::Other(other(case)),
    }
}

fn named(wire: Vec<wire::NamedTemplate>) -> Vec<model::NamedTemplate> {
    each(wire, |pair| model::NamedTemplate { name: pair.name.into(), value: pair.value.into() })
}

fn step(wire: wire::AuthenticationStep) -> model::AuthenticationStep {
    match wire {
        wire::AuthenticationStep::Headers(headers) => model::AuthenticationStep::Headers(named(headers)),
        wire::AuthenticationStep::Query(parameters) => model::AuthenticationStep::Query(named(parameters)),
        wire::AuthenticationStep::Basic(basic) => model::AuthenticationStep::Basic(model::BasicAuthentication {
            username: basic.username.into(),
            password: basic.password.into(),
        }),
        wire::AuthenticationStep::Oauth2(oauth2) => model::AuthenticationStep::OAuth2(oauth2_step(oauth2)),
        wire::AuthenticationStep::BearerJwt(token) => model::AuthenticationStep::BearerJwt(jwt(token)),
        wire::AuthenticationStep::Signature(signature) => {
            model::AuthenticationStep::Signature(model::SignatureAuthentication {
                algorithm: signature.algorithm.into(),
                access_key: signature.access_key.into(),
                secret_key: signature.secret_key.into(),
                session_token: text(signature.session_token),
                region: signature.region.into(),
                service: signature.service.into(),
                extensions: extensions(signature.extensions),
            })
        }
        wire::AuthenticationStep::Session(session) => model::AuthenticationStep::Session(session_step(session)),
        wire::AuthenticationStep::MutualTls(tls) => model::AuthenticationStep::MutualTls(model::TlsAuthentication {
            certificate: tls.certificate.into(),
            key: tls.key.into(),
            extensions: extensions(tls.extensions),
        }),
        wire::AuthenticationStep::Hmac(hmac) => model::AuthenticationStep::Hmac(model::HmacAuthentication {
            algorithm: hmac.algorithm.into(),
            key: hmac.key.into(),
            key_encoding: hmac.key_encoding.into(),
            message: hmac.message.into(),
            encoding: hmac.encoding.into(),
            headers: named(hmac.headers),
            extensions: extensions(hmac.extensions),
        }),
        wire::AuthenticationStep::Other(case) => model::AuthenticationStep::Other(other(case)),
    }
}

fn oauth2_step(wire: wire::Oauth2Authentication) -> model::OAuth2Authentication {
    model::OAuth2Authentication {
        endpoint: wire.endpoint.into(),
        path: wire.path.into(),
        grant: match wire.grant {
            wire::Oauth2Grant::ClientCredentials => model::OAuth2Grant::ClientCredentials,
            wire::Oauth2Grant::RefreshToken(token) => model::OAuth2Grant::RefreshToken(token.into()),
            wire::Oauth2Grant::JwtBearer(token) => model::OAuth2Grant::JwtBearer(jwt(token)),
            wire::Oauth2Grant::Other(case) => model::OAuth2Grant::Other(other(case)),
        },
        client: match wire.client {
            wire::ClientAuthentication::Basic(client) => model::ClientAuthentication::Basic(client_secret(client)),
            wire::ClientAuthentication::Form(client) => model::ClientAuthentication::Form(client_secret(client)),
            wire::ClientAuthentication::PrivateKeyJwt(client) => {
                model::ClientAuthentication::PrivateKeyJwt(model::ClientAssertion {
                    id: client.id.into(),
                    token: jwt(client.token),
                })
            }
            wire::ClientAuthentication::Public(id) => model::ClientAuthentication::Public(text(id)),
            wire::ClientAuthentication::Other(case) => model::ClientAuthentication::Other(other(case)),
        },
        scope: text(wire.scope),
        parameters: named(wire.parameters),
        extensions: extensions(wire.extensions),
    }
}

fn client_secret(wire: wire::ClientSecret) -> model::ClientSecret {
    model::ClientSecret { id: wire.id.into(), secret: wire.secret.into() }
}

fn jwt(wire: wire::JsonWebToken) -> model::JsonWebToken {
    model::JsonWebToken {
        algorithm: wire.algorithm.into(),
        key: wire.key.into(),
        key_id: text(wire.key_id),
        claims: wire.claims.into(),
        lifetime: wire.lifetime,
        extensions: extensions(wire.extensions),
    }
}

fn session_step(wire: wire::SessionAuthentication) -> model::SessionAuthentication {
    model::SessionAuthentication {
        endpoint: wire.endpoint.into(),
        method: wire.method.into(),
        path: wire.path.into(),
        headers: named(wire.headers),
        content: match wire.content {
            wire::RequestContent::None => model::RequestContent::None,
            wire::RequestContent::Json(json) => model::RequestContent::Json(json.into()),
            wire::RequestContent::Form(fields) => model::RequestContent::Form(named(fields)),
            wire::RequestContent::Other(case) => model::RequestContent::Other(other(case)),
        },
        token: answer_location(wire.token),
        expires_in: text(wire.expires_in),
        lifetime: wire.lifetime,
        send: named(wire.send),
        extensions: extensions(wire.extensions),
    }
}

fn credential(wire: wire::CredentialDescription) -> model::CredentialDescription {
    model::CredentialDescription {
        parts: each(wire.parts, |part| model::PartDescription {
            name: part.name.into(),
            title: part.title.into(),
            secret: part.secret,
            required: part.required,
            identifies: part.identifies,
            pattern: text(part.pattern),
            environment: each(part.environment, Text::from),
            origin: origin(part.origin),
            extensions: extensions(part.extensions),
        }),
        extensions: extensions(wire.extensions),
    }
}

fn origin(wire: wire::PartOrigin) -> model::PartOrigin {
    match wire {
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
            required: each(policy.required, Text::from),
            extensions: extensions(policy.extensions),
        }),
        wire::PartOrigin::Other(case) => model::PartOrigin::Other(other(case)),
    }
}

fn traits(wire: wire::Traits) -> model::Traits {
    model::Traits {
        expiry: model::Expiry {
            support: match wire.expiry.support {
                wire::ExpirySupport::None => model::ExpirySupport::None,
                wire::ExpirySupport::AtCreation => model::ExpirySupport::AtCreation,
                wire::ExpirySupport::AddOnce => model::ExpirySupport::AddOnce,
                wire::ExpirySupport::Mutable => model::ExpirySupport::Mutable,
                wire::ExpirySupport::MutableRegenerates => model::ExpirySupport::MutableRegenerates,
                wire::ExpirySupport::Other(case) => model::ExpirySupport::Other(other(case)),
            },
            required: wire.expiry.required,
            least: wire.expiry.least,
            most: wire.expiry.most,
            granularity: wire.expiry.granularity,
            extensions: extensions(wire.expiry.extensions),
        },
        last_used: model::LastUsed {
            precision: match wire.last_used.precision {
                wire::LastUsedPrecision::None => model::LastUsedPrecision::None,
                wire::LastUsedPrecision::Day => model::LastUsedPrecision::Day,
                wire::LastUsedPrecision::Instant => model::LastUsedPrecision::Instant,
                wire::LastUsedPrecision::Other(case) => model::LastUsedPrecision::Other(other(case)),
            },
            lag: wire.last_used.lag,
            extensions: extensions(wire.last_used.extensions),
        },
        marker: wire.marker.map(|marker| model::Marker {
            attribute: marker.attribute.into(),
            max_length: marker.max_length,
            filterable: marker.filterable,
            extensions: extensions(marker.extensions),
        }),
        quota: wire.quota.map(|quota| model::QuotaLimit {
            limit: quota.limit,
            scope: match quota.scope {
                wire::QuotaScope::Owner => model::QuotaScope::Owner,
                wire::QuotaScope::Project => model::QuotaScope::Project,
                wire::QuotaScope::Organization => model::QuotaScope::Organization,
                wire::QuotaScope::Other(case) => model::QuotaScope::Other(other(case)),
            },
            extensions: extensions(quota.extensions),
        }),
        disabling: wire.disabling.map(|disabling| model::Disabling {
            reversible: disabling.reversible,
            delay: disabling.delay,
            extensions: extensions(disabling.extensions),
        }),
        lock_out: wire.lock_out.map(|lock_out| model::LockOut {
            tries: lock_out.tries,
            seconds: lock_out.seconds,
            extensions: extensions(lock_out.extensions),
        }),
        rate: model::Rate {
            spacing: wire.rate.spacing,
            remaining_header: text(wire.rate.remaining_header),
            reset_header: text(wire.rate.reset_header),
            extensions: extensions(wire.rate.extensions),
        },
        idempotency: wire.idempotency.map(|idempotency| model::Idempotency {
            window: idempotency.window,
            extensions: extensions(idempotency.extensions),
        }),
        secret_readable: wire.secret_readable,
        consistency_delay: wire.consistency_delay,
        extensions: extensions(wire.extensions),
    }
}

//! What the adapter answers.

use super::bindings::exports::keywright::vendor::credential_lifecycle as contract;
use super::bindings::keywright::vendor::{descriptors, failures, types};
use crate::descriptor::{Part, Rule, Scheme};
use crate::{
    Credential, Descriptor, ExpirySupport, Failure, Issued, LastUsed, Operation, Outcome, Page, Parts, Principal,
    Problem, Quota, Reason, Timestamp, Updated, Verdict,
};

pub(super) fn descriptor(descriptor: Descriptor, operations: &[Operation]) -> contract::Descriptor {
    contract::Descriptor {
        vendor: descriptor.vendor.to_owned(),
        title: descriptor.title.to_owned(),
        version: descriptor.version.to_owned(),
        operations: names(operations),
        settings: descriptor.settings.to_owned(),
        attributes: descriptor.attributes.to_owned(),
        endpoints: descriptor
            .endpoints
            .into_iter()
            .map(|(name, url)| descriptors::Endpoint { name: name.to_owned(), url: url.to_owned() })
            .collect(),
        rules: descriptor.rules.into_iter().map(rule).collect(),
        authentication: scheme(descriptor.scheme),
        parts: descriptor.parts.into_iter().map(part).collect(),
        id: descriptors::IdForm {
            pattern: descriptor.id_pattern.to_owned(),
            forms: descriptor.id_forms.into_iter().map(str::to_owned).collect(),
        },
        expiry: match descriptor.expiry {
            ExpirySupport::None => descriptors::ExpirySupport::None,
            ExpirySupport::AtCreation => descriptors::ExpirySupport::AtCreation,
            ExpirySupport::AddOnce => descriptors::ExpirySupport::AddOnce,
            ExpirySupport::Mutable => descriptors::ExpirySupport::Mutable,
            ExpirySupport::MutableRegenerates => descriptors::ExpirySupport::MutableRegenerates,
        },
        marker: descriptor
            .marker
            .map(|(attribute, max_length)| descriptors::MarkerSupport { attribute: attribute.to_owned(), max_length }),
        max_live_per_owner: descriptor.max_live_per_owner,
        consistency_delay: descriptor.consistency_delay,
        last_used: match descriptor.last_used {
            LastUsed::None => descriptors::LastUsedPrecision::None,
            LastUsed::Day => descriptors::LastUsedPrecision::Day,
            LastUsed::Instant => descriptors::LastUsedPrecision::Instant,
        },
    }
}

fn names(operations: &[Operation]) -> Vec<String> {
    operations.iter().map(|operation| operation.name().to_owned()).collect()
}

fn rule(rule: Rule) -> descriptors::Rule {
    descriptors::Rule {
        operations: names(&rule.operations),
        endpoint: rule.endpoint.to_owned(),
        method: rule.method.name().to_owned(),
        path: rule.path.to_owned(),
        secrets: rule
            .secrets
            .into_iter()
            .map(|secret| descriptors::SecretLocation {
                part: secret.part.to_owned(),
                pointer: secret.pointer.to_owned(),
                public_prefix_ends_with: secret.public_prefix_ends_with.to_owned(),
            })
            .collect(),
    }
}

fn scheme(scheme: Scheme) -> descriptors::AuthenticationScheme {
    match scheme {
        Scheme::Headers(headers) => descriptors::AuthenticationScheme::Headers(
            headers
                .into_iter()
                .map(|(name, value)| descriptors::HeaderTemplate { name: name.to_owned(), value: value.to_owned() })
                .collect(),
        ),
        Scheme::Basic { username, password } => descriptors::AuthenticationScheme::Basic(descriptors::BasicScheme {
            username: username.to_owned(),
            password: password.to_owned(),
        }),
        Scheme::OAuth2ClientCredentials(oauth2) => {
            descriptors::AuthenticationScheme::Oauth2ClientCredentials(descriptors::Oauth2ClientCredentialsScheme {
                endpoint: oauth2.endpoint.to_owned(),
                path: oauth2.path.to_owned(),
                client_id: oauth2.client_id.to_owned(),
                client_secret: oauth2.client_secret.to_owned(),
                scope: oauth2.scope.map(str::to_owned),
            })
        }
        Scheme::Signature { algorithm, access_key, secret_key, region, service } => {
            descriptors::AuthenticationScheme::Signature(descriptors::SignatureScheme {
                algorithm: algorithm.to_owned(),
                access_key: access_key.to_owned(),
                secret_key: secret_key.to_owned(),
                region: region.to_owned(),
                service: service.to_owned(),
            })
        }
    }
}

fn part(part: Part) -> descriptors::PartDescription {
    descriptors::PartDescription {
        name: part.name.to_owned(),
        title: part.title.to_owned(),
        secret: part.secret,
        identifies: part.identifies,
        environment: part.environment.iter().map(|name| (*name).to_owned()).collect(),
    }
}

pub(super) fn credential(credential: Credential) -> contract::Credential {
    contract::Credential {
        id: credential.id,
        attributes: json(&credential.attributes),
        enabled: credential.enabled,
        marker: credential.marker,
        created_at: credential.created_at.map(timestamp),
        expires_at: credential.expires_at.map(timestamp),
        last_used_at: credential.last_used_at.map(timestamp),
    }
}

/// By the writer that requests are written with: the one behind `to_string` is one more to carry. A value cannot fail to be
/// written.
fn json(value: &serde_json::Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn timestamp(instant: Timestamp) -> types::Timestamp {
    // A leap second counts on within the second before it.
    types::Timestamp { seconds: instant.timestamp(), nanoseconds: instant.timestamp_subsec_nanos().min(999_999_999) }
}

fn parts(parts: Parts) -> Vec<types::Part> {
    parts.0.into_iter().map(|(name, value)| types::Part { name, value }).collect()
}

pub(super) fn issued(issued: Issued) -> contract::Issued {
    contract::Issued {
        credential: credential(issued.credential),
        parts: parts(issued.parts),
        warnings: issued.warnings,
    }
}

pub(super) fn updated(updated: Updated) -> contract::Updated {
    contract::Updated {
        credential: credential(updated.credential),
        parts: parts(updated.parts),
        warnings: updated.warnings,
    }
}

pub(super) fn page(page: Page) -> contract::Page {
    contract::Page {
        credentials: page.credentials.into_iter().map(credential).collect(),
        next: page.next,
        quota: page.quota.map(quota),
    }
}

fn quota(quota: Quota) -> types::Quota {
    types::Quota { limit: quota.limit, used: quota.used }
}

pub(super) fn principal(principal: Principal) -> contract::Principal {
    contract::Principal {
        credential_id: principal.credential_id,
        owner: principal.owner,
        expires_at: principal.expires_at.map(timestamp),
        allowed: names(&principal.allowed),
        refused: names(&principal.refused),
        details: json(&serde_json::Value::Object(principal.details)),
    }
}

pub(super) fn verdict(verdict: Verdict) -> contract::Verdict {
    contract::Verdict {
        outcome: match verdict.outcome {
            Outcome::Live => types::Outcome::Live,
            Outcome::Refused => types::Outcome::Refused,
            Outcome::Inconclusive => types::Outcome::Inconclusive,
        },
        explanation: verdict.explanation,
    }
}

pub(super) fn failure(failure: Failure) -> contract::Failure {
    contract::Failure {
        reason: match failure.reason {
            Reason::Invalid(problems) => failures::Reason::Invalid(
                problems
                    .into_iter()
                    .map(|problem| failures::FieldProblem {
                        pointer: problem.pointer,
                        problem: match problem.problem {
                            Problem::Required => failures::Problem::Required,
                            Problem::Format => failures::Problem::Format,
                            Problem::Constraint => failures::Problem::Constraint,
                            Problem::Immutable => failures::Problem::Immutable,
                            Problem::Unknown => failures::Problem::Unknown,
                        },
                        message: problem.message,
                    })
                    .collect(),
            ),
            Reason::Unauthenticated => failures::Reason::Unauthenticated,
            Reason::Forbidden => failures::Reason::Forbidden,
            Reason::NotFound => failures::Reason::NotFound,
            Reason::Conflict => failures::Reason::Conflict,
            Reason::Quota(count) => failures::Reason::Quota(quota(count)),
            Reason::RateLimited(seconds) => failures::Reason::RateLimited(seconds),
            Reason::Unavailable => failures::Reason::Unavailable,
            Reason::InDoubt => failures::Reason::InDoubt,
            Reason::Unsupported => failures::Reason::Unsupported,
            Reason::Vendor(code) => failures::Reason::Vendor(code),
        },
        message: failure.message,
        status: failure.status,
        request_id: failure.request_id,
    }
}

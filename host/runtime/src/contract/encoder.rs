//! This crate's types as the contract's: what goes into a call.

use chrono::{DateTime, Utc};
use keywright_model::Operation;
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};

use crate::contract::bindings::types as wire;
use crate::contract::credential::{CreateRequest, ExpiryChange, Filter, RegenerateRequest, UpdateRequest};

pub(crate) fn timestamp(instant: DateTime<Utc>) -> wire::Timestamp {
    // A leap second counts on within the second before it.
    wire::Timestamp { seconds: instant.timestamp(), nanoseconds: instant.timestamp_subsec_nanos().min(999_999_999) }
}

/// A creation with these attributes, and handles for the parts that the host makes.
pub(crate) fn create_request(
    attributes: Map<String, Value>,
    request: &CreateRequest,
    parts: Vec<wire::Part>,
) -> wire::CreateRequest {
    wire::CreateRequest {
        attributes: Value::Object(attributes).to_string(),
        marker: request.marker.clone(),
        expires_at: request.expires_at.map(timestamp),
        parts,
        idempotency_key: request.idempotency_key.clone(),
        continuation: request.continuation.as_ref().map(|pending| pending.cursor.clone()),
        extensions: None,
    }
}

pub(crate) fn filter(filter: &Filter) -> wire::Filter {
    wire::Filter {
        marker: filter.marker.clone(),
        attributes: Value::Object(filter.attributes.clone()).to_string(),
        extensions: None,
    }
}

pub(crate) fn update_request(request: &UpdateRequest, parts: Vec<wire::Part>) -> wire::UpdateRequest {
    wire::UpdateRequest {
        attributes: Value::Object(request.attributes.clone()).to_string(),
        marker: request.marker.clone(),
        expiry: match request.expiry {
            ExpiryChange::Keep => wire::ExpiryChange::Keep,
            ExpiryChange::Set(instant) => wire::ExpiryChange::Set(timestamp(instant)),
            ExpiryChange::Clear => wire::ExpiryChange::Clear,
        },
        parts,
        idempotency_key: request.idempotency_key.clone(),
        extensions: None,
    }
}

pub(crate) fn regenerate_request(request: &RegenerateRequest, parts: Vec<wire::Part>) -> wire::RegenerateRequest {
    wire::RegenerateRequest {
        expires_at: request.expires_at.map(timestamp),
        parts,
        idempotency_key: request.idempotency_key.clone(),
        extensions: None,
    }
}

/// An operation of this version; none for one of a later version.
pub(crate) fn operation(wire: &wire::Operation) -> Option<Operation> {
    Some(match wire {
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

/// Parts in the clear.
pub(crate) fn parts<'p>(parts: impl IntoIterator<Item = (&'p str, &'p secrecy::SecretString)>) -> Vec<wire::Part> {
    let part = |(name, value): (&str, &secrecy::SecretString)| wire::Part {
        name: name.to_owned(),
        value: value.expose_secret().to_owned(),
    };
    parts.into_iter().map(part).collect()
}

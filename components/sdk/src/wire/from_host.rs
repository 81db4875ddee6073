//! What the caller passes in.

use chrono::DateTime;
use serde_json::{Map, Value};

use super::bindings::keywright::vendor::types as wire;
use crate::{
    Account, Change, Creation, Descriptor, ExpiryChange, FieldProblem, Filter, Parts, Problem, Result, Timestamp,
};

pub(super) fn account(descriptor: &Descriptor, account: wire::Account) -> Result<Account> {
    let (parts, direct) = match account.authentication {
        wire::Authentication::Brokered(parts) => (parts, false),
        wire::Authentication::Direct(parts) => (parts, true),
    };
    let parts = Parts(parts.into_iter().map(|part| (part.name, part.value)).collect());
    Account::new(descriptor, &account.settings, account.endpoint, parts, direct)
}

pub(super) fn creation(request: wire::Creation) -> Result<Creation> {
    Ok(Creation {
        attributes: object("/attributes", &request.attributes)?,
        marker: request.marker,
        expires_at: expiry(request.expires_at)?,
    })
}

pub(super) fn filter(filter: wire::Filter) -> Result<Filter> {
    Ok(Filter { marker: filter.marker, attributes: object("/filter", &filter.attributes)? })
}

pub(super) fn change(change: wire::Change) -> Result<Change> {
    Ok(Change {
        attributes: object("/attributes", &change.attributes)?,
        marker: change.marker,
        expiry: match change.expiry {
            wire::ExpiryChange::Keep => ExpiryChange::Keep,
            wire::ExpiryChange::Set(instant) => ExpiryChange::Set(timestamp(instant)?),
            wire::ExpiryChange::Clear => ExpiryChange::Clear,
        },
    })
}

pub(super) fn expiry(instant: Option<wire::Timestamp>) -> Result<Option<Timestamp>> {
    instant.map(timestamp).transpose()
}

fn timestamp(instant: wire::Timestamp) -> Result<Timestamp> {
    DateTime::from_timestamp(instant.seconds, instant.nanoseconds)
        .ok_or_else(|| FieldProblem::new("/expires_at", Problem::Format, "is beyond what a date can say").into())
}

fn object(pointer: &str, json: &str) -> Result<Map<String, Value>> {
    crate::account::object(json)
        .ok_or_else(|| FieldProblem::new(pointer, Problem::Format, "are not a JSON object").into())
}

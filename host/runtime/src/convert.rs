//! Between the contract's types and this crate's own.

use chrono::{DateTime, Utc};
use keywright_auth::Parts;
use serde_json::{Map, Value};

use crate::bindings::{contract, failures, types};
use crate::credential::{
    Change, Creation, Credential, ExpiryChange, Filter, Issued, Outcome, Page, Principal, Quota, Updated, Verdict,
};
use crate::descriptor::Descriptor;
use crate::error::CallError;
use crate::failure::{Failure, FieldProblem, Problem, Reason};
use crate::operation::Operation;
use crate::trouble::Trouble;

/// What a component says, fit for a terminal and a log: one line, of bounded length.
fn line(text: String) -> String {
    const LONGEST: usize = 1_000;
    if text.len() <= LONGEST && !text.contains(char::is_control) {
        return text;
    }
    text.chars().take(LONGEST).map(|character| if character.is_control() { ' ' } else { character }).collect()
}

pub(crate) fn timestamp(instant: DateTime<Utc>) -> types::Timestamp {
    // A leap second counts on within the second before it.
    types::Timestamp { seconds: instant.timestamp(), nanoseconds: instant.timestamp_subsec_nanos().min(999_999_999) }
}

pub(crate) fn creation(attributes: Map<String, Value>, creation: &Creation) -> types::Creation {
    types::Creation {
        attributes: Value::Object(attributes).to_string(),
        marker: creation.marker.clone(),
        expires_at: creation.expires_at.map(timestamp),
    }
}

pub(crate) fn filter(filter: &Filter) -> types::Filter {
    types::Filter { marker: filter.marker.clone(), attributes: Value::Object(filter.attributes.clone()).to_string() }
}

pub(crate) fn change(change: &Change) -> types::Change {
    types::Change {
        attributes: Value::Object(change.attributes.clone()).to_string(),
        marker: change.marker.clone(),
        expiry: match change.expiry {
            ExpiryChange::Keep => types::ExpiryChange::Keep,
            ExpiryChange::Set(instant) => types::ExpiryChange::Set(timestamp(instant)),
            ExpiryChange::Clear => types::ExpiryChange::Clear,
        },
    }
}

fn instant(operation: Operation, wire: types::Timestamp) -> Result<DateTime<Utc>, CallError> {
    DateTime::from_timestamp(wire.seconds, wire.nanoseconds)
        .ok_or_else(|| contract_broken(operation, "a date is beyond what a date can say"))
}

fn instant_if_any(operation: Operation, wire: Option<types::Timestamp>) -> Result<Option<DateTime<Utc>>, CallError> {
    wire.map(|wire| instant(operation, wire)).transpose()
}

fn object(operation: Operation, json: &str) -> Result<Map<String, Value>, CallError> {
    serde_json::from_str(json).map_err(|_| contract_broken(operation, "what should be a JSON object is none"))
}

fn contract_broken(operation: Operation, how: &str) -> CallError {
    CallError::Contract { operation: operation.name(), how: how.to_owned() }
}

pub(crate) fn credential(operation: Operation, wire: contract::Credential) -> Result<Credential, CallError> {
    if wire.id.is_empty() {
        return Err(contract_broken(operation, "a credential has no id"));
    }
    Ok(Credential {
        id: wire.id,
        attributes: object(operation, &wire.attributes)?,
        enabled: wire.enabled,
        marker: wire.marker,
        created_at: instant_if_any(operation, wire.created_at)?,
        expires_at: instant_if_any(operation, wire.expires_at)?,
        last_used_at: instant_if_any(operation, wire.last_used_at)?,
    })
}

/// The parts that the descriptor names; every secret one must be among them.
fn parts(descriptor: &Descriptor, operation: Operation, wire: Vec<types::Part>) -> Result<Parts, CallError> {
    if let Some(unknown) = wire.iter().find(|part| descriptor.part(&part.name).is_none()) {
        let name: String = unknown.name.chars().take(60).collect();
        return Err(contract_broken(operation, &format!("it returned the part `{name}`, which it does not describe")));
    }
    let parts: Parts = wire.into_iter().map(|part| (part.name, part.value)).collect();
    match descriptor.parts.iter().find(|part| part.secret && parts.get(&part.name).is_none()) {
        Some(missing) => Err(contract_broken(operation, &format!("it returned no `{}`", missing.name))),
        None => Ok(parts),
    }
}

pub(crate) fn issued(
    descriptor: &Descriptor,
    operation: Operation,
    wire: contract::Issued,
) -> Result<Issued, CallError> {
    Ok(Issued {
        credential: credential(operation, wire.credential)?,
        parts: parts(descriptor, operation, wire.parts)?,
        warnings: wire.warnings.into_iter().map(line).collect(),
    })
}

pub(crate) fn updated(descriptor: &Descriptor, wire: contract::Updated) -> Result<Updated, CallError> {
    Ok(Updated {
        credential: credential(Operation::Update, wire.credential)?,
        parts: match wire.parts {
            none if none.is_empty() => None,
            minted => Some(parts(descriptor, Operation::Update, minted)?),
        },
        warnings: wire.warnings.into_iter().map(line).collect(),
    })
}

pub(crate) fn page(wire: contract::Page) -> Result<Page, CallError> {
    let credentials = wire.credentials.into_iter().map(|item| credential(Operation::List, item));
    Ok(Page { credentials: credentials.collect::<Result<_, _>>()?, next: wire.next, quota: wire.quota.map(quota) })
}

fn quota(wire: types::Quota) -> Quota {
    Quota { limit: wire.limit, used: wire.used }
}

pub(crate) fn principal(wire: contract::Principal) -> Result<Principal, CallError> {
    let operations =
        |names: Vec<String>| -> Vec<Operation> { names.iter().filter_map(|name| name.parse().ok()).collect() };
    Ok(Principal {
        credential_id: wire.credential_id,
        owner: wire.owner,
        expires_at: instant_if_any(Operation::Check, wire.expires_at)?,
        allowed: operations(wire.allowed),
        refused: operations(wire.refused),
        details: object(Operation::Check, &wire.details)?,
    })
}

pub(crate) fn verdict(wire: contract::Verdict) -> Result<Verdict, CallError> {
    Ok(Verdict {
        outcome: match wire.outcome {
            types::Outcome::Live => Outcome::Live,
            types::Outcome::Refused => Outcome::Refused,
            types::Outcome::Inconclusive | types::Outcome::Other(_) => Outcome::Inconclusive,
        },
        explanation: line(wire.explanation),
    })
}

/// A failure in the adapter's words. Of trouble with the connection the host knows better, so its words go first.
pub(crate) fn failure(wire: failures::Failure, trouble: Option<Trouble>) -> Failure {
    let reason = reason(wire.reason);
    let message = match (&reason, trouble) {
        (Reason::Unavailable, Some(trouble)) => trouble.to_string(),
        (Reason::InDoubt, Some(trouble)) => format!("the request may have taken effect: {trouble}"),
        _ => line(wire.message),
    };
    Failure { reason, message, status: wire.status, request_id: wire.request_id.map(line) }
}

fn reason(wire: failures::Reason) -> Reason {
    match wire {
        failures::Reason::Invalid(problems) => {
            Reason::Invalid { problems: problems.into_iter().map(field_problem).collect() }
        }
        failures::Reason::Unauthenticated => Reason::Unauthenticated,
        failures::Reason::Forbidden => Reason::Forbidden,
        failures::Reason::NotFound => Reason::NotFound,
        failures::Reason::Conflict => Reason::Conflict,
        failures::Reason::Quota(count) => Reason::Quota(quota(count)),
        failures::Reason::RateLimited(retry_after) => Reason::RateLimited { retry_after },
        failures::Reason::Unavailable => Reason::Unavailable,
        failures::Reason::InDoubt => Reason::InDoubt,
        failures::Reason::Unsupported => Reason::Unsupported,
        failures::Reason::Vendor(code) => Reason::Vendor { code: line(code) },
        failures::Reason::Other(name) => Reason::Other { name: line(name) },
    }
}

fn field_problem(wire: failures::FieldProblem) -> FieldProblem {
    FieldProblem {
        pointer: line(wire.pointer),
        problem: match wire.problem {
            failures::Problem::Required => Problem::Required,
            failures::Problem::Format => Problem::Format,
            failures::Problem::Constraint => Problem::Constraint,
            failures::Problem::Immutable => Problem::Immutable,
            failures::Problem::Unknown => Problem::Unknown,
            failures::Problem::Other(_) => Problem::Other,
        },
        message: line(wire.message),
    }
}

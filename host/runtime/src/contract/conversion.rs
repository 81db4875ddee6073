//! Between the contract's types and this crate's own.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use keywright_auth::Parts;
use serde_json::{Map, Value};

use crate::adapter::Adapter;
use crate::contract::bindings::{contract, failures, types};
use crate::contract::credential::{
    CreateRequest, Credential, ExpiryChange, Filter, Issued, Outcome, Page, Principal, Quota, UpdateRequest, Updated,
    Verdict,
};
use crate::contract::descriptor::Descriptor;
use crate::contract::failure::{Failure, FieldProblem, Problem, Reason};
use crate::contract::operation::Operation;
use crate::error::CallError;
use crate::outbound::handler::OutboundHandler;
use crate::outbound::transport_error::TransportError;

pub(crate) fn timestamp(instant: DateTime<Utc>) -> types::Timestamp {
    // A leap second counts on within the second before it.
    types::Timestamp { seconds: instant.timestamp(), nanoseconds: instant.timestamp_subsec_nanos().min(999_999_999) }
}

pub(crate) fn creation(attributes: Map<String, Value>, creation: &CreateRequest) -> types::Creation {
    types::Creation {
        attributes: Value::Object(attributes).to_string(),
        marker: creation.marker.clone(),
        expires_at: creation.expires_at.map(timestamp),
    }
}

pub(crate) fn filter(filter: &Filter) -> types::Filter {
    types::Filter { marker: filter.marker.clone(), attributes: Value::Object(filter.attributes.clone()).to_string() }
}

pub(crate) fn change(change: &UpdateRequest) -> types::Change {
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

/// Reads what an adapter answers. Every text of it passes here, and loses the secrets that the host knows.
pub(crate) struct Decoder {
    adapter: Adapter,
    operation: Operation,
    handler: Arc<OutboundHandler>,
}

impl Decoder {
    pub(crate) fn new(adapter: Adapter, operation: Operation, handler: Arc<OutboundHandler>) -> Self {
        Self { adapter, operation, handler }
    }

    fn descriptor(&self) -> &Descriptor {
        self.adapter.descriptor()
    }

    fn contract_broken(&self, how: impl Into<String>) -> CallError {
        CallError::Contract { operation: self.operation.name(), how: how.into() }
    }

    fn text(&self, text: String) -> String {
        self.handler.redact(text)
    }

    /// A text fit for a terminal and a log: one line, of bounded length.
    fn line(&self, text: String) -> String {
        const LONGEST: usize = 1_000;
        let text = self.text(text);
        if text.len() <= LONGEST && !text.contains(char::is_control) {
            return text;
        }
        text.chars().take(LONGEST).map(|character| if character.is_control() { ' ' } else { character }).collect()
    }

    fn instant(&self, wire: types::Timestamp) -> Result<DateTime<Utc>, CallError> {
        DateTime::from_timestamp(wire.seconds, wire.nanoseconds)
            .ok_or_else(|| self.contract_broken("a date is beyond what a date can say"))
    }

    fn instant_if_any(&self, wire: Option<types::Timestamp>) -> Result<Option<DateTime<Utc>>, CallError> {
        wire.map(|wire| self.instant(wire)).transpose()
    }

    fn object(&self, json: &str) -> Result<Map<String, Value>, CallError> {
        let object: Map<String, Value> =
            serde_json::from_str(json).map_err(|_| self.contract_broken("what should be a JSON object is none"))?;
        Ok(object.into_iter().map(|(name, value)| (self.text(name), self.value(value))).collect())
    }

    fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => {
                fields.into_iter().map(|(name, value)| (self.text(name), self.value(value))).collect()
            }
            other => other,
        }
    }

    pub(crate) fn credential(&self, wire: contract::Credential) -> Result<Credential, CallError> {
        if wire.id.is_empty() {
            return Err(self.contract_broken("a credential has no id"));
        }
        // It is shown on terminals, and stands in files of lines.
        if wire.id.contains(char::is_control) {
            return Err(self.contract_broken("the id of a credential has control characters"));
        }
        Ok(Credential {
            id: self.text(wire.id),
            attributes: self.object(&wire.attributes)?,
            enabled: wire.enabled,
            marker: wire.marker.map(|marker| self.text(marker)),
            created_at: self.instant_if_any(wire.created_at)?,
            expires_at: self.instant_if_any(wire.expires_at)?,
            last_used_at: self.instant_if_any(wire.last_used_at)?,
        })
    }

    /// The credential of an operation that answers with no secret. One that the vendor issued all the same is not passed
    /// over.
    pub(crate) fn credential_alone(&self, wire: contract::Credential) -> Result<Credential, CallError> {
        if !self.handler.secrets().parts().is_empty() {
            return Err(self.contract_broken("the vendor issued a new secret, which this operation cannot return"));
        }
        self.credential(wire)
    }

    /// The parts that the descriptor names; every secret one must be among them, as the handle that the host gave for it.
    fn parts(&self, wire: Vec<types::Part>) -> Result<Parts, CallError> {
        let mut parts = Parts::new();
        for part in wire {
            match self.descriptor().part(&part.name) {
                None => {
                    let name: String = part.name.chars().take(60).collect();
                    let how = format!("it returned the part `{}`, which it does not describe", self.line(name));
                    return Err(self.contract_broken(how));
                }
                Some(described) if described.secret => {
                    let Some(value) = self.handler.secrets().redeem(&part.name, &part.value) else {
                        return Err(self.contract_broken(format!(
                            "what it returned as `{}` is not the handle that it was given for it in this call",
                            part.name
                        )));
                    };
                    parts.insert(part.name, value);
                }
                Some(_) => drop(parts.insert(part.name, self.text(part.value))),
            }
        }
        match self.descriptor().parts.iter().find(|part| part.secret && parts.get(&part.name).is_none()) {
            Some(missing) => Err(self.contract_broken(format!("it returned no `{}`", missing.name))),
            None => Ok(parts),
        }
    }

    /// The adapter's warnings, and what the host found: a request that was denied does not undo what was minted before
    /// it, which must not be lost.
    fn warnings(&self, wire: Vec<String>) -> Vec<String> {
        let found = self.handler.take_violation().map(|found| found.to_string());
        wire.into_iter().map(|warning| self.line(warning)).chain(found).collect()
    }

    pub(crate) fn issued(&self, wire: contract::Issued) -> Result<Issued, CallError> {
        Ok(Issued {
            credential: self.credential(wire.credential)?,
            parts: self.parts(wire.parts)?,
            warnings: self.warnings(wire.warnings),
        })
    }

    pub(crate) fn updated(&self, wire: contract::Updated) -> Result<Updated, CallError> {
        let parts = match wire.parts {
            none if none.is_empty() => None,
            minted => Some(self.parts(minted)?),
        };
        if parts.is_none() && !self.handler.secrets().parts().is_empty() {
            return Err(self.contract_broken("it kept back the new secret that the vendor issued"));
        }
        Ok(Updated { credential: self.credential(wire.credential)?, parts, warnings: self.warnings(wire.warnings) })
    }

    pub(crate) fn page(&self, wire: contract::Page) -> Result<Page, CallError> {
        let credentials = wire.credentials.into_iter().map(|item| self.credential(item));
        Ok(Page {
            credentials: credentials.collect::<Result<_, _>>()?,
            next: wire.next.map(|next| self.text(next)),
            quota: wire.quota.map(quota),
        })
    }

    pub(crate) fn principal(&self, wire: contract::Principal) -> Result<Principal, CallError> {
        let operations =
            |names: Vec<String>| -> Vec<Operation> { names.iter().filter_map(|name| name.parse().ok()).collect() };
        Ok(Principal {
            credential_id: wire.credential_id.map(|id| self.text(id)),
            owner: wire.owner.map(|owner| self.text(owner)),
            expires_at: self.instant_if_any(wire.expires_at)?,
            allowed: operations(wire.allowed),
            refused: operations(wire.refused),
            details: self.object(&wire.details)?,
        })
    }

    pub(crate) fn verdict(&self, wire: contract::Verdict) -> Verdict {
        Verdict {
            outcome: match wire.outcome {
                types::Outcome::Live => Outcome::Active,
                types::Outcome::Refused => Outcome::Refused,
                types::Outcome::Inconclusive | types::Outcome::Other(_) => Outcome::Inconclusive,
            },
            explanation: self.line(wire.explanation),
            warnings: Vec::new(),
        }
    }

    /// A failure in the adapter's words. Of trouble with the connection, and of access tokens, the host knows better.
    pub(crate) fn failure(
        &self,
        wire: failures::Failure,
        transport_error: Option<TransportError>,
        token_ended: bool,
    ) -> Failure {
        let reason = self.reason(wire.reason);
        // What was done before it failed is the adapter's to know.
        let (said, done) = match wire.message.split_once('\n') {
            Some((said, done)) => (said.to_owned(), Some(self.line(done.to_owned()))),
            None => (wire.message, None),
        };
        let mut message = match (&reason, transport_error) {
            (Reason::Unavailable, Some(transport_error)) => transport_error.to_string(),
            (Reason::InDoubt, Some(transport_error)) => format!("the request may have taken effect: {transport_error}"),
            (Reason::Unauthenticated, _) if token_ended => {
                let said = self.line(said);
                format!("{said}; the access token is thrown away, so that the next call gets a new one")
            }
            _ => self.line(said),
        };
        if let Some(done) = done {
            message.push_str("; ");
            message.push_str(&done);
        }
        let request_id = wire.request_id.map(|id| self.line(id));
        Failure { reason, message, status: wire.status, request_id }
    }

    fn reason(&self, wire: failures::Reason) -> Reason {
        match wire {
            failures::Reason::Invalid(problems) => {
                Reason::Invalid { problems: problems.into_iter().map(|problem| self.field_problem(problem)).collect() }
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
            failures::Reason::Vendor(code) => Reason::Vendor { code: self.line(code) },
            failures::Reason::Other(name) => Reason::Other { name: self.line(name) },
        }
    }

    fn field_problem(&self, wire: failures::FieldProblem) -> FieldProblem {
        FieldProblem {
            pointer: self.line(wire.pointer),
            problem: match wire.problem {
                failures::Problem::Required => Problem::Required,
                failures::Problem::Format => Problem::Format,
                failures::Problem::Constraint => Problem::Constraint,
                failures::Problem::Immutable => Problem::Immutable,
                failures::Problem::Unknown => Problem::Unknown,
                failures::Problem::Other(_) => Problem::Other,
            },
            message: self.line(wire.message),
        }
    }
}

fn quota(wire: types::Quota) -> Quota {
    Quota { limit: wire.limit, used: wire.used }
}

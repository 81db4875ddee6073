//! The contract's types as this crate's own: what comes out of a call.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use keywright_auth::{Parts, Values};
use keywright_descriptor::{Descriptor, Origin};
use keywright_model::{FieldProblem, Operation, Outcome, Problem, Quota};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};

use crate::contract::bindings::{contract, failures, types};
use crate::contract::credential::{Credential, Issued, Page, Principal, UnreadableItem, Updated, Verdict, Warning};
use crate::contract::date::Date;
use crate::contract::encoder::operation;
use crate::contract::failure::{Failure, PendingCreation, Reason};
use crate::error::CallError;
use crate::outbound::handler::OutboundHandler;

/// The longest text of a vendor's date that cannot be read, in characters.
const LONGEST_DATE: usize = 100;

/// Reads what an adapter answers. Every text of it passes here, and loses the secrets that the host knows.
pub(crate) struct Decoder {
    descriptor: Arc<Descriptor>,
    settings: Map<String, Value>,
    operation: Operation,
    handler: Arc<OutboundHandler>,
    /// What the host made for this call, or for the one that it continues.
    made: Parts,
}

impl Decoder {
    pub(crate) fn new(
        descriptor: Arc<Descriptor>,
        settings: Map<String, Value>,
        operation: Operation,
        handler: Arc<OutboundHandler>,
        made: Parts,
    ) -> Self {
        Self { descriptor, settings, operation, handler, made }
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

    fn date(&self, wire: types::Date) -> Result<Date, CallError> {
        Ok(match wire {
            types::Date::None => Date::None,
            types::Date::At(timestamp) => {
                let instant = DateTime::from_timestamp(timestamp.seconds, timestamp.nanoseconds);
                Date::At(instant.ok_or_else(|| self.contract_broken("a date is out of range"))?)
            }
            types::Date::Unreadable(text) => Date::Unreadable(self.line(text).chars().take(LONGEST_DATE).collect()),
        })
    }

    fn object(&self, json: &str) -> Result<Map<String, Value>, CallError> {
        match serde_json::from_str(json).map(|value| self.handler.redact_value(value)) {
            Ok(Value::Object(object)) => Ok(object),
            _ => Err(self.contract_broken("what should be a JSON object is not one")),
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
            created_at: self.date(wire.created_at)?,
            expires_at: self.date(wire.expires_at)?,
            last_used_at: self.date(wire.last_used_at)?,
        })
    }

    /// The credential of an operation that answers with no secret. One that the vendor issued all the same is not passed
    /// over.
    pub(crate) fn credential_alone(&self, wire: contract::Credential) -> Result<Credential, CallError> {
        if self.handler.secrets().changed() {
            return Err(self.contract_broken("the vendor issued a new secret, which this operation cannot return"));
        }
        self.credential(wire)
    }

    /// All parts of an issued credential: those of the vendor, of which every secret one must be the handle that the host
    /// gave for it, and those that the host makes.
    fn parts(&self, wire: Vec<types::Part>) -> Result<Parts, CallError> {
        let issued = &self.descriptor.issued;
        // What no request carried, the vendor does not know.
        let made = self.made.iter().filter(|(name, _)| self.handler.was_sent(name));
        let mut parts: Parts = made.map(|(name, value)| (name, value.clone())).collect();
        for part in wire {
            match issued.get(&part.name) {
                None => {
                    let name: String = part.name.chars().take(60).collect();
                    let how = format!("it returned the part `{}`, which it does not describe", self.line(name));
                    return Err(self.contract_broken(how));
                }
                // The host has its own of those, and better.
                Some(described) if described.origin != Origin::Vendor => {}
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
        for part in issued {
            if let Origin::Derived(derived) = &part.origin {
                match derived.derive(&Values {
                    settings: &self.settings,
                    parts: &parts,
                    now: Utc::now(),
                    nonce: [0; 16],
                }) {
                    Ok(value) => drop(parts.insert(part.name.clone(), value)),
                    Err(error) if part.required => {
                        return Err(self.contract_broken(format!("`{}` cannot be derived: {error}", part.name)));
                    }
                    Err(_) => {}
                }
            }
        }
        match issued.iter().find(|part| part.required && parts.get(&part.name).is_none()) {
            Some(missing) => Err(self.contract_broken(format!("it returned no `{}`", missing.name))),
            None => Ok(parts),
        }
    }

    /// A warning for each part whose value does not have its form: it is handed over all the same.
    fn odd_forms(&self, parts: &Parts) -> Vec<Warning> {
        let odd = self.descriptor.issued.iter().filter(|part| {
            let value = parts.get(&part.name).map(|value| value.expose_secret());
            let pattern = part.pattern.as_ref();
            pattern.zip(value).is_some_and(|(pattern, value)| !pattern.is_match(value))
        });
        odd.map(|part| Warning::new(format!("the vendor's `{}` does not have its documented form", part.name)))
            .collect()
    }

    /// The adapter's warnings, and what the host found: a request that was denied does not undo what was minted before
    /// it, which must not be lost.
    fn warnings(&self, wire: Vec<types::Warning>) -> Vec<Warning> {
        let read = |warning: types::Warning| Warning {
            pointer: warning.pointer.map(|pointer| self.line(pointer)),
            message: self.line(warning.message),
        };
        let violation = self.handler.take_violation().map(|violation| self.line(violation.to_string()));
        wire.into_iter().map(read).chain(violation.map(Warning::new)).collect()
    }

    pub(crate) fn issued(&self, wire: contract::Issued) -> Result<Issued, CallError> {
        let credential = self.credential(wire.credential)?;
        let parts = self.parts(wire.parts)?;
        let mut warnings = self.warnings(wire.warnings);
        warnings.extend(self.odd_forms(&parts));
        Ok(Issued { credential, parts, warnings })
    }

    pub(crate) fn updated(&self, wire: contract::Updated) -> Result<Updated, CallError> {
        let minted = self.handler.secrets().changed();
        let parts = match wire.parts {
            none if none.is_empty() && !minted => None,
            none if none.is_empty() => {
                return Err(self.contract_broken("it kept back the new secret that the vendor issued"));
            }
            parts => Some(self.parts(parts)?),
        };
        Ok(Updated { credential: self.credential(wire.credential)?, parts, warnings: self.warnings(wire.warnings) })
    }

    pub(crate) fn page(&self, wire: contract::Page) -> Result<Page, CallError> {
        let mut page = Page {
            credentials: Vec::with_capacity(wire.credentials.len()),
            unreadable: Vec::new(),
            next: wire.next.map(|next| self.text(next)),
            quota: wire.quota.map(quota),
        };
        for credential in wire.credentials {
            page.credentials.push(self.credential(credential)?);
        }
        page.unreadable = wire
            .unreadable
            .into_iter()
            .map(|item| UnreadableItem { id: item.id.map(|id| self.line(id)), message: self.line(item.message) })
            .collect();
        Ok(page)
    }

    pub(crate) fn principal(&self, wire: contract::Principal) -> Result<Principal, CallError> {
        let operations = |wire: Vec<types::Operation>| wire.iter().filter_map(operation).collect();
        Ok(Principal {
            credential_id: wire.credential_id.map(|id| self.text(id)),
            owner: wire.owner.map(|owner| self.text(owner)),
            expires_at: self.date(wire.expires_at)?,
            allowed: operations(wire.allowed),
            refused: operations(wire.refused),
            details: self.object(&wire.details)?,
        })
    }

    pub(crate) fn verdict(&self, wire: contract::Verdict) -> Verdict {
        Verdict {
            outcome: match wire.outcome {
                types::Outcome::Active => Outcome::Active,
                types::Outcome::Refused => Outcome::Refused,
                types::Outcome::Inconclusive | types::Outcome::Other(_) => Outcome::Inconclusive,
            },
            explanation: self.line(wire.explanation),
            warnings: Vec::new(),
        }
    }

    /// A failure in the adapter's words. Of the connection, and of access tokens, the host knows better.
    pub(crate) fn failure(&self, wire: failures::Failure) -> Failure {
        let pending = match &wire.reason {
            failures::Reason::Pending(pending) => pending.retry_after,
            _ => None,
        };
        let reason = self.reason(wire.reason);
        let said = self.line(wire.message);
        let message = match (&reason, self.handler.take_transport_error()) {
            (Reason::Unavailable, Some(error)) => error.to_string(),
            (Reason::InDoubt, Some(error)) => format!("the request may have taken effect: {error}"),
            (Reason::Unauthenticated, _) if self.handler.token_ended() => {
                format!("{said}; the access token is thrown away, so that the next call gets a new one")
            }
            _ => said,
        };
        let retry_after = match &reason {
            Reason::RateLimited | Reason::Unavailable | Reason::Pending(_) => pending.or(wire.retry_after),
            _ => None,
        };
        Failure {
            reason,
            message,
            completed: wire.completed.map(|completed| self.line(completed)),
            status: wire.status,
            request_id: wire.request_id.map(|id| self.line(id)),
            retry_after,
        }
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
            failures::Reason::RateLimited => Reason::RateLimited,
            failures::Reason::Unavailable => Reason::Unavailable,
            failures::Reason::InDoubt => Reason::InDoubt,
            failures::Reason::Unsupported => Reason::Unsupported,
            failures::Reason::UnexpectedResponse => Reason::UnexpectedResponse,
            failures::Reason::AdapterError => Reason::AdapterError,
            // Only a creation can be asked after again.
            failures::Reason::Pending(_) if self.operation != Operation::Create => Reason::InDoubt,
            failures::Reason::Pending(pending) => {
                Reason::Pending(PendingCreation { cursor: self.text(pending.cursor), parts: self.made.clone() })
            }
            failures::Reason::Vendor(code) => Reason::Vendor { code: self.line(code) },
            failures::Reason::Other(case) => Reason::Other { name: self.line(case.name) },
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

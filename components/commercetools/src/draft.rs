//! What a new client is to be: checked, and in the vendor's words (`ApiClientDraft`).

use keywright_sdk::{Account, CreateRequest, FieldProblem, Fields, Problem, Result, Timestamp, Warning, marker};
use serde_json::{Map, Value};

use crate::api_client::{ApiClient, VALIDITIES};
use crate::descriptor::NAME_LENGTH;
use crate::lifetime;
use crate::scope::{self, Scopes};

pub(crate) struct Draft {
    name: String,
    scopes: Scopes,
    expires_at: Option<Timestamp>,
    body: Map<String, Value>,
}

impl Draft {
    /// What is asked for, unless the vendor would refuse it.
    pub(crate) fn of(account: &Account, request: &CreateRequest, now: Timestamp) -> Result<Self> {
        let name = name(&request.attributes, request.marker.as_deref())?;
        let scopes = scope::asked(&request.attributes, account.setting("project_key")?)?;
        let mut body = Map::new();
        body.insert("name".to_owned(), Value::from(name.as_str()));
        body.insert("scope".to_owned(), Value::from(scope::write(&scopes)));
        if let Some(expires_at) = request.expires_at {
            body.insert("deleteDaysAfterCreation".to_owned(), Value::from(lifetime::days(expires_at, now)?));
        }
        for (attribute, field) in VALIDITIES {
            let attributes = Fields::of_map(&request.attributes);
            if let Some(value) = attributes.get(attribute) {
                // JSON Schema takes 3600.0 for an integer; the vendor may not.
                let whole = attributes.integer(attribute).map(Value::from);
                body.insert(field.to_owned(), whole.unwrap_or_else(|| value.clone()));
            }
        }
        Ok(Self { name, scopes, expires_at: request.expires_at, body })
    }

    pub(crate) fn body(&self) -> &Map<String, Value> {
        &self.body
    }

    /// What is not as asked with the client that was made.
    pub(crate) fn differences(&self, made: &ApiClient) -> Vec<Warning> {
        let mut differences = Vec::new();
        let mut warn = |pointer: &str, message: &[&str]| {
            differences.push(Warning::new(Some(pointer), [&["commercetools"], message].concat().concat()));
        };
        let granted = made.scopes();
        for (what, scopes) in [
            (" did not grant these scopes that were asked for: ", self.scopes.beyond(&granted)),
            (" granted these scopes that were not asked for: ", granted.beyond(&self.scopes)),
        ] {
            if !scopes.is_empty() {
                warn("/attributes/scope", &[what, &scopes]);
            }
        }
        if made.name() != Some(&self.name) {
            warn(
                "/attributes/name",
                &[" did not keep the name `", &self.name, "`; a marker in it does not find the client"],
            );
        }
        for (attribute, field) in VALIDITIES {
            if let Some(asked) = Fields::of_map(&self.body).integer(field)
                && made.number(field) != Some(asked)
            {
                let pointer = ["/attributes/", attribute].concat();
                warn(&pointer, &[" did not take the ", attribute, " that was asked for, ", &asked.to_string()]);
            }
        }
        if let Some(difference) = lifetime::difference(self.expires_at, &made.expires_at()) {
            warn("/expires_at", &[&difference]);
        }
        if made.created_at().is_unreadable() {
            differences.push(Warning::new(None, "commercetools' answer had no readable createdAt"));
        }
        differences
    }
}

/// The name with the marker in it.
fn name(attributes: &Map<String, Value>, marker: Option<&str>) -> Result<String> {
    const POINTER: &str = "/attributes/name";
    match attributes.get("name").and_then(Value::as_str) {
        Some(name) if !name.trim().is_empty() => Ok(marker::join_within(name, marker, NAME_LENGTH, POINTER)?),
        Some(_) => Err(FieldProblem::new(POINTER, Problem::Constraint, "is empty: give the client a name").into()),
        None => Err(FieldProblem::new(POINTER, Problem::Required, "is missing or is not text").into()),
    }
}

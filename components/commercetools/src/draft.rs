//! What a new client is to be: checked, and in the vendor's words (`ApiClientDraft`).

use keywright_sdk::{Account, Creation, FieldProblem, Problem, Result, Timestamp, marker};
use serde_json::{Map, Value, json};

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
    pub(crate) fn of(account: &Account, request: &Creation, now: Timestamp) -> Result<Self> {
        let name = name(&request.attributes, request.marker.as_deref())?;
        let scopes = scope::asked(&request.attributes, account.setting("project_key")?)?;
        let mut body = Map::new();
        body.insert("name".to_owned(), json!(name));
        body.insert("scope".to_owned(), json!(scope::write(&scopes)));
        if let Some(expires_at) = request.expires_at {
            body.insert("deleteDaysAfterCreation".to_owned(), json!(lifetime::days(expires_at, now)?));
        }
        for (attribute, field) in VALIDITIES {
            if let Some(value) = request.attributes.get(attribute) {
                body.insert(field.to_owned(), whole(value));
            }
        }
        Ok(Self { name, scopes, expires_at: request.expires_at, body })
    }

    pub(crate) fn body(&self) -> &Map<String, Value> {
        &self.body
    }

    /// What is not as asked with the client that was made, in sentences.
    pub(crate) fn differences(&self, made: &ApiClient) -> Vec<String> {
        let mut sentences = scope::differences(&self.scopes, &made.scopes());
        if made.name() != Some(&self.name) {
            sentences.push(format!(
                "commercetools did not keep the name `{}`; a marker in it does not find the client",
                self.name
            ));
        }
        for (attribute, field) in VALIDITIES {
            if let Some(asked) = self.body.get(field)
                && made.number(field) != asked.as_u64()
            {
                sentences.push(format!("commercetools did not take the {attribute} that was asked for, {asked}"));
            }
        }
        if let Some(asked) = self.expires_at {
            sentences.extend(lifetime::difference(asked, made.expires_at()));
        }
        sentences
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

/// JSON Schema takes 3600.0 for an integer; the vendor may not.
fn whole(value: &Value) -> Value {
    match value.as_f64() {
        Some(number) if !value.is_u64() && number >= 0.0 && number.fract() == 0.0 => json!(number as u64),
        _ => value.clone(),
    }
}

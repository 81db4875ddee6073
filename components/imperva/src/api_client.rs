//! The API client as Imperva tells of it.

use keywright_sdk::{Credential, FieldProblem, Issued, Problem, Result, Timestamp, marker, parse_rfc3339, rfc3339};
use serde_json::{Map, Value};

use crate::answer::{self, Success};
use crate::id::{self, ClientId};

/// An answer's API client. Only its number must be there; any other field that is missing or of another type shows as
/// absent, so that a change at Imperva never costs a secret that was just minted.
pub(crate) struct ApiClient {
    pub(crate) id: ClientId,
    fields: Value,
}

const NO_ID: &str = "it has no id of an API client";

impl ApiClient {
    /// One of this account; without an account, of the caller's own.
    pub(crate) fn of(account: Option<u64>, client: Value) -> Option<Self> {
        let number = id::number(client.get("id")?)?;
        Some(Self { id: ClientId { account, number }, fields: client })
    }

    /// The one that was just made.
    pub(crate) fn made(success: &mut Success, account: Option<u64>) -> Result<Self> {
        Self::of(account, success.body.take()).ok_or_else(|| success.response.unexpected(NO_ID))
    }

    /// The one that was just changed. An answer that brings a secret is believed to be about it even when it does not
    /// name it.
    pub(crate) fn changed(success: &mut Success, id: ClientId) -> Result<Self> {
        let fields = success.body.take();
        match fields.get("id") {
            Some(told) if id::number(told) == Some(id.number) => {}
            None if answer::secret(&fields).is_some() => {}
            Some(_) => return Err(success.response.unexpected("it is about another API client")),
            None => return Err(success.response.unexpected(NO_ID)),
        }
        Ok(Self { id, fields })
    }

    /// Told after a creation and a regeneration; empty or missing otherwise.
    pub(crate) fn secret(&self) -> Option<&str> {
        answer::secret(&self.fields)
    }

    pub(crate) fn user_email(&self) -> Option<&str> {
        self.text("userEmail")
    }

    pub(crate) fn marker(&self) -> Option<&str> {
        marker::split(self.text("description")?).1
    }

    pub(crate) fn enabled(&self) -> Option<bool> {
        self.fields.get("enabled")?.as_bool()
    }

    /// Whether there is an expiry, readable or not.
    pub(crate) fn has_expiry(&self) -> bool {
        self.fields.get("expirationDate").is_some_and(|date| !date.is_null() && date != "")
    }

    pub(crate) fn expires_at(&self) -> Option<Timestamp> {
        self.instant("expirationDate")
    }

    pub(crate) fn attributes(&self) -> Map<String, Value> {
        let (description, _) = marker::split(self.text("description").unwrap_or_default());
        let attributes = [
            ("api_id", Some(Value::String(self.id.number.to_string()))),
            ("account_id", self.id.account.map(Value::from)),
            ("name", self.text("name").map(Value::from)),
            ("description", Some(Value::from(description))),
            ("enabled", self.enabled().map(Value::Bool)),
            ("user_email", self.user_email().map(Value::from)),
        ];
        let mut told = Map::new();
        for (name, value) in attributes {
            if let Some(value) = value {
                told.insert(name.to_owned(), value);
            }
        }
        told
    }

    pub(crate) fn credential(&self) -> Credential {
        let mut credential = Credential::new(self.id.to_string(), Value::Object(self.attributes()));
        // Not told means that it may work.
        credential.enabled = self.enabled().unwrap_or(true);
        credential.marker = self.marker().map(str::to_owned);
        credential.expires_at = self.expires_at();
        credential.last_used_at = self.instant("lastActionTime");
        credential
    }

    /// Warns of what was sent and does not show in the answer.
    pub(crate) fn compare(&self, sent: &Map<String, Value>, warnings: &mut Vec<String>) {
        for (field, value) in sent {
            let shows = match (field.as_str(), value) {
                ("regenerate", _) => true,
                ("expirationDate", Value::String(date)) => self.expires_at() == parse_rfc3339(date),
                // An empty description may be told as null.
                (_, Value::String(text)) => self.text(field).unwrap_or_default() == text,
                _ => self.fields.get(field) == Some(value),
            };
            if !shows {
                warnings.push(["Imperva's answer does not show the ", field, " that was asked for"].concat());
            }
        }
    }

    /// The API client with its new API key, if the answer brought one.
    pub(crate) fn minted(&self, warnings: Vec<String>) -> Option<Issued> {
        let secret = self.secret()?;
        let issued = Issued { warnings, ..Issued::new(self.credential()) };
        Some(issued.part("api_id", self.id.number.to_string()).part("api_key", secret))
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str().filter(|text| !text.is_empty())
    }

    /// Imperva documents `YYYY-MM-DDTHH:mm:ssZ`. Its older APIs tell milliseconds, and the Terraform page speaks of a date
    /// alone, which is taken as the day's beginning: no later than what may be meant.
    fn instant(&self, field: &str) -> Option<Timestamp> {
        match self.fields.get(field)? {
            Value::String(text) => parse_rfc3339(text)
                .or_else(|| parse_rfc3339(&format!("{text}Z")))
                .or_else(|| parse_rfc3339(&format!("{text}T00:00:00Z"))),
            value => Timestamp::from_timestamp_millis(value.as_i64()?),
        }
    }
}

/// An expiry as Imperva keeps it: whole seconds. A fraction is dropped, so that nothing lives longer than was asked for.
pub(crate) fn whole_seconds(instant: Timestamp) -> Timestamp {
    Timestamp::from_timestamp(instant.timestamp(), 0).unwrap_or(instant)
}

/// An expiry as Imperva reads it: `YYYY-MM-DDTHH:mm:ssZ`.
pub(crate) fn date(instant: Timestamp) -> Value {
    Value::String(rfc3339(&whole_seconds(instant)))
}

/// The description to send for this value; null removes it.
pub(crate) fn description(value: &Value, marker: Option<&str>) -> Result<String> {
    match value {
        Value::Null => Ok(marker::join("", marker)),
        Value::String(text) => Ok(marker::join(text, marker)),
        _ => Err(FieldProblem::new("/attributes/description", Problem::Format, "must be text").into()),
    }
}

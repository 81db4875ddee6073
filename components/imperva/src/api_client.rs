//! The API client as Imperva shows it.

use keywright_sdk::{
    Credential, Date, FieldProblem, Fields, Issued, Problem, Result, Timestamp, Warning, marker, parse_rfc3339,
    parse_utc, rfc3339,
};
use serde_json::{Map, Value};

use crate::answer::{self, Success};
use crate::id::{self, ClientId};
use crate::refusal;

/// An answer's API client. Only its number must be there; any other field that is missing or of another type shows as
/// absent, so that a change at Imperva never costs a secret that was just minted.
pub(crate) struct ApiClient {
    pub(crate) id: ClientId,
    fields: Value,
}

pub(crate) const NO_ID: &str = "it has no id of an API client";

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
            Some(shown) if id::number(shown) == Some(id.number) => {}
            None if answer::secret(&fields).is_some() => {}
            Some(_) => return Err(success.response.unexpected("it is about another API client")),
            None => return Err(success.response.unexpected(NO_ID)),
        }
        Ok(Self { id, fields })
    }

    /// Shown after a creation and a regeneration; empty or missing otherwise.
    pub(crate) fn secret(&self) -> Option<&str> {
        answer::secret(&self.fields)
    }

    pub(crate) fn user_email(&self) -> Option<&str> {
        self.fields().text("userEmail")
    }

    pub(crate) fn marker(&self) -> Option<&str> {
        marker::split(self.fields().text("description")?).1
    }

    pub(crate) fn enabled(&self) -> Option<bool> {
        self.fields.get("enabled")?.as_bool()
    }

    pub(crate) fn expires_at(&self) -> Date {
        self.date("expirationDate")
    }

    pub(crate) fn attributes(&self) -> Map<String, Value> {
        let (description, _) = marker::split(self.fields().text("description").unwrap_or_default());
        let attributes = [
            ("api_id", Some(Value::String(self.id.number.to_string()))),
            ("account_id", self.id.account.map(Value::from)),
            ("name", self.fields().text("name").map(Value::from)),
            ("description", Some(Value::from(description))),
            ("enabled", self.enabled().map(Value::Bool)),
            ("user_email", self.user_email().map(Value::from)),
        ];
        let mut shown = Map::new();
        for (name, value) in attributes {
            if let Some(value) = value {
                shown.insert(name.to_owned(), value);
            }
        }
        shown
    }

    pub(crate) fn credential(&self) -> Credential {
        let mut credential = Credential::new(self.id.to_string(), Value::Object(self.attributes()));
        // Where Imperva does not say, it may work.
        credential.enabled = self.enabled().unwrap_or(true);
        credential.marker = self.marker().map(str::to_owned);
        credential.expires_at = self.expires_at();
        credential.last_used_at = self.date("lastActionTime");
        credential
    }

    /// Warns of what was sent and does not show in the answer.
    pub(crate) fn compare(&self, sent: &Map<String, Value>, warnings: &mut Vec<Warning>) {
        for (field, value) in sent {
            let shows = match (field.as_str(), value) {
                ("regenerate", _) => true,
                ("expirationDate", Value::String(date)) => self.expires_at().instant() == parse_rfc3339(date),
                // An empty description may be shown as null.
                (_, Value::String(text)) => self.fields().text(field).unwrap_or_default() == text,
                _ => self.fields.get(field) == Some(value),
            };
            if !shows {
                let message = ["Imperva's answer does not show the ", field, " that was asked for"].concat();
                warnings.push(Warning::new(refusal::place(field), message));
            }
        }
    }

    /// The API client with its new API key, if the answer brought one.
    pub(crate) fn minted(&self, warnings: Vec<Warning>) -> Option<Issued> {
        let secret = self.secret()?;
        let issued = Issued { warnings, ..Issued::new(self.credential()) };
        Some(issued.part("api_id", self.id.number.to_string()).part("api_key", secret))
    }

    fn fields(&self) -> Fields<'_> {
        Fields::of(&self.fields)
    }

    /// Imperva documents `YYYY-MM-DDTHH:mm:ssZ`. Its older APIs use milliseconds, and the Terraform page speaks of a date
    /// alone, which is taken as the day's beginning: no later than what may be meant.
    fn date(&self, field: &str) -> Date {
        let value = self.fields().get(field);
        match value.and_then(Value::as_i64).and_then(Timestamp::from_timestamp_millis) {
            Some(instant) => instant.into(),
            None if value.is_some_and(|text| text == "") => Date::None,
            None => self.fields().date_with(field, parse_utc),
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

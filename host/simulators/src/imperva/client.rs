//! An API client, and how it is shown.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    date,
    quirks::{Nothing, Quirks},
};

/// An API client as Imperva keeps it.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub(super) id: u64,
    pub(super) account: u64,
    pub(super) user: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) api_key: Uuid,
    pub(super) enabled: bool,
    pub(super) expires_at: Option<DateTime<Utc>>,
    pub(super) last_used_at: Option<DateTime<Utc>>,
    /// When the gateways have heard of its API key.
    pub(super) known_from: DateTime<Utc>,
}

impl Client {
    pub(super) fn is_of(&self, user: &str) -> bool {
        self.user.eq_ignore_ascii_case(user)
    }

    pub(super) fn has_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|expiry| expiry <= now)
    }

    /// As it stands in a list: without a word of the API key.
    pub(super) fn listed(&self, quirks: &Quirks) -> Value {
        let last_used_at = self.last_used_at.map(|at| match quirks.milliseconds {
            true => json!(at.timestamp_millis()),
            false => json!(date::write(at)),
        });
        let mut shown = Map::new();
        shown.insert("id".to_owned(), json!(self.id));
        shown.insert("userEmail".to_owned(), json!(self.user));
        shown.insert("name".to_owned(), json!(self.name));
        shown.insert("description".to_owned(), json!(self.description));
        shown.insert("enabled".to_owned(), json!(self.enabled));
        let expires_at = self.expires_at.map(|at| json!(date::write(at)));
        for (name, value) in [("expirationDate", expires_at), ("lastActionTime", last_used_at)] {
            put(&mut shown, name, value, quirks);
        }
        Value::Object(shown)
    }

    /// The answer to a creation or a change; with the API key when it is new.
    pub(super) fn answered(&self, minted: bool, quirks: &Quirks) -> Value {
        let Value::Object(mut shown) = self.listed(quirks) else { return Value::Null };
        put(&mut shown, "apiKey", minted.then(|| json!(self.api_key)), quirks);
        Value::Object(shown)
    }
}

fn put(shown: &mut Map<String, Value>, name: &str, value: Option<Value>, quirks: &Quirks) {
    let value = match (value, quirks.nothing) {
        (Some(value), _) => value,
        (None, Nothing::Null) => Value::Null,
        (None, Nothing::Empty) => json!(""),
        (None, Nothing::Missing) => return,
    };
    shown.insert(name.to_owned(), value);
}

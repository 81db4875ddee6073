//! The API client as commercetools tells of it (`ApiClient`).

use keywright_sdk::{Credential, Response, Result as CallResult, Timestamp, marker, parse_rfc3339};
use serde_json::{Map, Value, json};

use crate::scope::{self, Scopes};

/// Attributes that are a number of seconds, and the vendor's fields for them.
pub(crate) const VALIDITIES: [(&str, &str); 2] = [
    ("access_token_validity_seconds", "accessTokenValiditySeconds"),
    ("refresh_token_validity_seconds", "refreshTokenValiditySeconds"),
];

/// An answer's API client. Only the id must be there; any other field that is missing or of another type shows as
/// absent, so that a change at commercetools never costs a secret that was just minted.
pub(crate) struct ApiClient {
    pub(crate) id: String,
    fields: Map<String, Value>,
}

impl TryFrom<Value> for ApiClient {
    /// The end of a sentence that says what is wrong with the answer.
    type Error = &'static str;

    fn try_from(client: Value) -> Result<Self, &'static str> {
        let Value::Object(fields) = client else { return Err("an API client in it is no object") };
        match fields.get("id") {
            Some(Value::String(id)) if !id.is_empty() => Ok(Self { id: id.clone(), fields }),
            _ => Err("an API client in it has no id"),
        }
    }
}

impl ApiClient {
    pub(crate) fn read(response: &Response) -> CallResult<Self> {
        Self::try_from(response.json::<Value>()?).map_err(|how| response.unexpected(how))
    }

    /// [`read`](Self::read) of the client that was asked for.
    pub(crate) fn read_known(response: &Response, id: &str) -> CallResult<Self> {
        let client = Self::read(response)?;
        if client.id == id { Ok(client) } else { Err(response.unexpected("it is about another API client")) }
    }

    /// Told in the answer to a creation only.
    pub(crate) fn secret(&self) -> Option<&str> {
        self.text("secret").filter(|secret| !secret.is_empty())
    }

    /// The name as it is at the vendor, marker included.
    pub(crate) fn name(&self) -> Option<&str> {
        self.text("name")
    }

    pub(crate) fn marker(&self) -> Option<&str> {
        marker::split(self.name()?).1
    }

    /// What is granted.
    pub(crate) fn scopes(&self) -> Scopes {
        self.text("scope").map(scope::read).unwrap_or_default()
    }

    pub(crate) fn expires_at(&self) -> Option<Timestamp> {
        self.instant("deleteAt")
    }

    pub(crate) fn number(&self, field: &str) -> Option<u64> {
        self.fields.get(field)?.as_u64()
    }

    pub(crate) fn attributes(&self) -> Map<String, Value> {
        let mut attributes = Map::new();
        if let Some(name) = self.name() {
            attributes.insert("name".to_owned(), json!(marker::split(name).0));
        }
        if self.text("scope").is_some() {
            attributes.insert("scope".to_owned(), self.scopes().into_names().into());
        }
        for (attribute, field) in VALIDITIES {
            if let Some(seconds) = self.number(field) {
                attributes.insert(attribute.to_owned(), json!(seconds));
            }
        }
        attributes
    }

    pub(crate) fn credential(&self) -> Credential {
        let mut credential = Credential::new(&self.id, Value::Object(self.attributes()));
        credential.marker = self.marker().map(str::to_owned);
        credential.created_at = self.instant("createdAt");
        credential.expires_at = self.expires_at();
        credential.last_used_at = self.text("lastUsedAt").and_then(day);
        credential
    }

    /// Fields that are there and cannot be read.
    pub(crate) fn unreadable(&self) -> impl Iterator<Item = &'static str> {
        let given = |field: &str| self.fields.get(field).is_some_and(|value| !value.is_null());
        ["createdAt", "deleteAt"].into_iter().filter(move |field| given(field) && self.instant(field).is_none())
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str()
    }

    fn instant(&self, field: &str) -> Option<Timestamp> {
        parse_rfc3339(self.text(field)?)
    }
}

/// The start of a day that is written without a time.
fn day(date: &str) -> Option<Timestamp> {
    parse_rfc3339(&[date, "T00:00:00Z"].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_the_last_use_has_no_time() {
        assert_eq!(day("2026-11-12"), parse_rfc3339("2026-11-12T00:00:00Z"));
        for text in ["2026-11-12T01:00:00Z", "yesterday", ""] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}

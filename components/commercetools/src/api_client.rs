//! The API client as commercetools shows it (`ApiClient`).

use keywright_sdk::{Credential, Date, Fields, Response, Result as CallResult, marker};
use serde_json::{Map, Value};

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
    fields: Value,
}

impl TryFrom<Value> for ApiClient {
    /// The end of a sentence that says what is wrong with the API client.
    type Error = &'static str;

    fn try_from(fields: Value) -> Result<Self, &'static str> {
        match Fields::of(&fields).text("id") {
            Some(id) => Ok(Self { id: id.to_owned(), fields }),
            None => Err("it has no id of an API client"),
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

    /// Shown in the answer to a creation only.
    pub(crate) fn secret(&self) -> Option<&str> {
        self.fields().text("secret")
    }

    /// The name as it is at the vendor, marker included.
    pub(crate) fn name(&self) -> Option<&str> {
        self.fields().text("name")
    }

    pub(crate) fn marker(&self) -> Option<&str> {
        marker::split(self.name()?).1
    }

    /// What is granted.
    pub(crate) fn scopes(&self) -> Scopes {
        self.fields().text("scope").map(scope::read).unwrap_or_default()
    }

    pub(crate) fn created_at(&self) -> Date {
        self.fields().date("createdAt")
    }

    pub(crate) fn expires_at(&self) -> Date {
        self.fields().date("deleteAt")
    }

    pub(crate) fn number(&self, field: &str) -> Option<i64> {
        self.fields().integer(field)
    }

    pub(crate) fn attributes(&self) -> Map<String, Value> {
        let mut attributes = Map::new();
        if let Some(name) = self.name() {
            attributes.insert("name".to_owned(), marker::split(name).0.into());
        }
        if self.fields().has("scope") {
            attributes.insert("scope".to_owned(), self.scopes().into_names().into());
        }
        for (attribute, field) in VALIDITIES {
            if let Some(seconds) = self.number(field) {
                attributes.insert(attribute.to_owned(), seconds.into());
            }
        }
        attributes
    }

    pub(crate) fn credential(&self) -> Credential {
        let mut credential = Credential::new(&self.id, Value::Object(self.attributes()));
        credential.marker = self.marker().map(str::to_owned);
        credential.created_at = self.created_at();
        credential.expires_at = self.expires_at();
        // The day alone, which is read as its beginning.
        credential.last_used_at = self.fields().date("lastUsedAt");
        credential
    }

    fn fields(&self) -> Fields<'_> {
        Fields::of(&self.fields)
    }
}

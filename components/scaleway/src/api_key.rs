//! The API key as Scaleway tells of it.

use keywright_sdk::{Credential, Date, FieldProblem, Fields, Problem, Response, Result as CallResult, marker};
use serde_json::{Map, Value, json};

use crate::descriptor::DESCRIPTION_LENGTH;

/// An answer's API key. Only the access key must be there; any other field that is missing or of another type shows as
/// absent, so that a change at Scaleway never costs a secret that was just minted.
pub(crate) struct ApiKey {
    pub(crate) access_key: String,
    fields: Map<String, Value>,
}

impl TryFrom<Value> for ApiKey {
    /// The end of a sentence that says what is wrong with the answer.
    type Error = &'static str;

    fn try_from(key: Value) -> Result<Self, &'static str> {
        let Value::Object(fields) = key else { return Err("an API key in it is no object") };
        match fields.get("access_key") {
            Some(Value::String(access_key)) if !access_key.is_empty() => {
                Ok(Self { access_key: access_key.clone(), fields })
            }
            _ => Err("an API key in it has no access key"),
        }
    }
}

/// Fields that are attributes as they are.
const ATTRIBUTES: [&str; 8] = [
    "application_id",
    "user_id",
    "default_project_id",
    "updated_at",
    "editable",
    "deletable",
    "managed",
    "creation_ip",
];

impl ApiKey {
    pub(crate) fn read(response: &Response) -> CallResult<Self> {
        Self::try_from(response.json::<Value>()?).map_err(|how| response.unexpected(how))
    }

    /// [`read`](Self::read) of the key that was asked for.
    pub(crate) fn read_known(response: &Response, access_key: &str) -> CallResult<Self> {
        let key = Self::read(response)?;
        if key.access_key == access_key { Ok(key) } else { Err(response.unexpected("it is about another key")) }
    }

    /// Set in the answer to a creation; null in every other.
    pub(crate) fn secret_key(&self) -> Option<&str> {
        self.fields().text("secret_key")
    }

    pub(crate) fn bearer(&self) -> Option<&str> {
        self.fields().text("application_id").or_else(|| self.fields().text("user_id"))
    }

    pub(crate) fn expires_at(&self) -> Date {
        self.fields().date("expires_at")
    }

    pub(crate) fn attributes(&self) -> Value {
        let (description, _) = marker::split(self.fields().text("description").unwrap_or_default());
        let mut attributes = Map::new();
        attributes.insert("access_key".to_owned(), json!(self.access_key));
        attributes.insert("description".to_owned(), json!(description));
        for name in ATTRIBUTES {
            if let Some(value) = self.fields().get(name) {
                attributes.insert(name.to_owned(), value.clone());
            }
        }
        Value::Object(attributes)
    }

    pub(crate) fn marker(&self) -> Option<&str> {
        marker::split(self.fields().text("description")?).1
    }

    pub(crate) fn credential(&self) -> Credential {
        let mut credential = Credential::new(&self.access_key, self.attributes());
        credential.marker = self.marker().map(str::to_owned);
        credential.created_at = self.fields().date("created_at");
        credential.expires_at = self.expires_at();
        credential
    }

    /// Fields that Scaleway documents and this answer lacks.
    pub(crate) fn unreadable(&self) -> impl Iterator<Item = &'static str> {
        let bearer = self.bearer().is_none().then_some("bearer");
        let created_at = self.fields().date("created_at").instant().is_none().then_some("created_at");
        let expires_at = self.expires_at().is_unreadable().then_some("expires_at");
        [bearer, created_at, expires_at].into_iter().flatten()
    }

    fn fields(&self) -> Fields<'_> {
        Fields::of_map(&self.fields)
    }
}

/// The description to send for these attributes: always some, as the vendor's own SDK does.
pub(crate) fn description(attributes: &Map<String, Value>, marker: Option<&str>) -> CallResult<String> {
    description_of(attributes.get("description").unwrap_or(&Value::Null), marker)
}

/// The description to send for this value; null removes it.
pub(crate) fn description_of(value: &Value, marker: Option<&str>) -> CallResult<String> {
    let text = match value {
        Value::Null => "",
        Value::String(text) => text,
        _ => return Err(FieldProblem::new("/attributes/description", Problem::Format, "must be text").into()),
    };
    Ok(marker::join_within(text, marker, DESCRIPTION_LENGTH, "/attributes/description")?)
}

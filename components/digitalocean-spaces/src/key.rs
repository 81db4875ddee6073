//! The access key as DigitalOcean shows it.

use keywright_sdk::{Credential, Fields, Response, Result as CallResult, marker};
use serde_json::{Map, Value};

use crate::grants::Grants;

/// An answer's access key. Only the access key itself must be there; any other field that is missing or of another type shows
/// as absent, so that a change at DigitalOcean never costs a secret that was just minted.
pub(crate) struct Key {
    pub(crate) access_key: String,
    fields: Map<String, Value>,
}

impl TryFrom<Value> for Key {
    /// What is wrong with it.
    type Error = &'static str;

    fn try_from(key: Value) -> Result<Self, &'static str> {
        let access_key = Fields::of(&key).text("access_key").map(str::to_owned);
        match (key, access_key) {
            (Value::Object(fields), Some(access_key)) => Ok(Self { access_key, fields }),
            _ => Err("it has no access_key"),
        }
    }
}

impl Key {
    /// The key of an answer that is about one.
    pub(crate) fn read(response: &Response) -> CallResult<Self> {
        let mut answer: Value = response.json()?;
        let key = answer.get_mut("key").map(Value::take).unwrap_or_default();
        Self::try_from(key).map_err(|how| response.unexpected(how))
    }

    /// [`read`](Self::read) of the key that was asked for.
    pub(crate) fn read_known(response: &Response, access_key: &str) -> CallResult<Self> {
        let key = Self::read(response)?;
        if key.access_key == access_key { Ok(key) } else { Err(response.unexpected("it is about another key")) }
    }

    /// In the answer to a creation, in no other.
    pub(crate) fn secret_key(&self) -> Option<&str> {
        Fields::of_map(&self.fields).text("secret_key")
    }

    /// The whole of the name, the marker included.
    pub(crate) fn name(&self) -> Option<&str> {
        self.fields.get("name")?.as_str()
    }

    pub(crate) fn marker(&self) -> Option<&str> {
        marker::split(self.name()?).1
    }

    /// The grants as DigitalOcean has them, to be sent as they came. Null is what its own clients send for none.
    pub(crate) fn shown_grants(&self) -> Option<Value> {
        match self.fields.get("grants")? {
            Value::Null => Some(Value::Array(Vec::new())),
            grants => Some(grants.clone()),
        }
    }

    /// The grants, if they can be understood.
    pub(crate) fn grants(&self) -> Option<Grants> {
        Grants::read(&self.shown_grants()?).ok()
    }

    pub(crate) fn credential(&self) -> Credential {
        let mut attributes = Map::new();
        if let Some(name) = self.name() {
            attributes.insert("name".to_owned(), marker::split(name).0.into());
        }
        if let Some(grants) = self.shown_grants() {
            attributes.insert("grants".to_owned(), grants);
        }
        let mut credential = Credential::new(&self.access_key, Value::Object(attributes));
        credential.marker = self.marker().map(str::to_owned);
        credential.created_at = Fields::of_map(&self.fields).date("created_at");
        credential
    }
}

#[cfg(test)]
mod tests {
    use keywright_sdk::{Date, Reason, parse_rfc3339};
    use serde_json::json;

    use super::*;

    fn key(key: Value) -> Key {
        Key::try_from(key).unwrap()
    }

    #[test]
    fn a_key_shows_its_name_without_the_marker() {
        let grants = json!([{"bucket": "photos", "permission": "read"}]);
        let credential = key(json!({
            "name": "ci [keywright:g7]",
            "access_key": "DO00AAAABBBBCCCCDDDD",
            "grants": grants,
            "created_at": "2018-07-19T15:04:16Z",
        }))
        .credential();
        assert_eq!(credential.id, "DO00AAAABBBBCCCCDDDD");
        assert_eq!(credential.attributes, json!({"name": "ci", "grants": grants}));
        assert_eq!(credential.marker.as_deref(), Some("g7"));
        assert_eq!(credential.created_at.instant(), parse_rfc3339("2018-07-19T15:04:16Z"));
        assert!(credential.enabled && credential.expires_at.is_none() && credential.last_used_at.is_none());
    }

    #[test]
    fn a_field_that_cannot_be_read_costs_nothing_else() {
        let key = key(json!({"access_key": "DO00", "name": 7, "grants": [7], "created_at": "soon"}));
        assert_eq!((key.name(), key.grants()), (None, None));
        let credential = key.credential();
        assert_eq!(credential.attributes, json!({"grants": [7]}));
        assert_eq!(credential.created_at, Date::Unreadable("soon".to_owned()));
    }

    #[test]
    fn null_is_no_grants_and_absence_says_nothing() {
        assert_eq!(key(json!({"access_key": "DO00", "grants": null})).grants(), Grants::read(&json!([])).ok());
        assert_eq!(key(json!({"access_key": "DO00"})).shown_grants(), None);
    }

    #[test]
    fn an_answer_about_no_key_or_another_is_not_understood() {
        let answer = |body: Value| Response::made_up(true, 200, &[], body.to_string());
        for body in [json!({}), json!({"key": null}), json!({"key": {"access_key": ""}}), json!({"key": ["DO00"]})] {
            let failure = Key::read(&answer(body)).err().unwrap();
            assert_eq!(*failure.reason(), Reason::UnexpectedResponse);
        }
        let other = answer(json!({"key": {"access_key": "DO01"}}));
        assert!(Key::read_known(&other, "DO01").is_ok());
        assert!(Key::read_known(&other, "DO00").err().unwrap().message().ends_with("it is about another key"));
    }
}

//! An API token as Gcore tells of it.

use keywright_sdk::{Credential, Response, Result as CallResult, Timestamp, marker, parse_rfc3339};
use serde_json::{Map, Value};

use crate::role::Role;
use crate::tokens::positive;

/// The fields of a token. Any that is missing or of another type shows as absent, so that a change at Gcore never costs a
/// secret that was just minted.
pub(crate) struct Token(Map<String, Value>);

/// Attributes that a token holds under their own names, and what they are.
const OWN: [(&str, Is); 3] =
    [("name", Value::is_string), ("deleted", Value::is_boolean), ("expired", Value::is_boolean)];

/// Attributes that stand beside the user who issued the token: the field, the attribute, and what it is.
const ISSUER: [(&str, &str, Is); 5] = [
    ("client_id", "client_id", Value::is_u64),
    ("user_id", "user_id", Value::is_u64),
    ("user_name", "user_name", Value::is_string),
    ("user_email", "user_email", Value::is_string),
    ("deleted", "user_deleted", Value::is_boolean),
];

type Is = fn(&Value) -> bool;

impl Token {
    pub(crate) fn new(fields: Map<String, Value>) -> Self {
        Self(fields)
    }

    /// The token of an answer to a reading, which must be the one that was asked for.
    pub(crate) fn read_known(response: &Response, client_id: u64, token_id: u64) -> CallResult<Self> {
        let Value::Object(fields) = response.json()? else { return Err(response.unexpected("it is no API token")) };
        let token = Self(fields);
        let of_another_account = token.issuer("client_id").and_then(positive).is_some_and(|told| told != client_id);
        if token.id() != Some(token_id) || of_another_account {
            return Err(response.unexpected("it is not about the token that was asked for"));
        }
        Ok(token)
    }

    pub(crate) fn id(&self) -> Option<u64> {
        self.0.get("id").and_then(positive)
    }

    /// Whether Gcore says that it works no more. It may still show such a token, which it does not bring back.
    pub(crate) fn is_gone(&self) -> bool {
        ["deleted", "expired"].iter().any(|flag| self.0.get(*flag) == Some(&Value::Bool(true)))
    }

    /// What the description holds besides, and the marker.
    pub(crate) fn description(&self) -> &str {
        self.text("description").unwrap_or_default()
    }

    pub(crate) fn marker(&self) -> Option<&str> {
        marker::split(self.description()).1
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.text("name")
    }

    pub(crate) fn role(&self) -> Role {
        Role::told(self.issuer("role").unwrap_or(&Value::Null))
    }

    pub(crate) fn expires_at(&self) -> Option<Timestamp> {
        self.instant("exp_date")
    }

    pub(crate) fn attributes(&self) -> Map<String, Value> {
        let mut attributes = Map::new();
        let own = OWN.iter().map(|(name, is)| (*name, self.0.get(*name), is));
        let of_issuer = ISSUER.iter().map(|(field, name, is)| (*name, self.issuer(field), is));
        for (name, value, is) in own.chain(of_issuer) {
            if let Some(value) = value.filter(|value| is(value)) {
                attributes.insert(name.to_owned(), value.clone());
            }
        }
        attributes.insert("description".to_owned(), marker::split(self.description()).0.into());
        self.role().write(&mut attributes);
        attributes
    }

    /// The token as the credential of this id.
    pub(crate) fn credential(&self, id: String) -> Credential {
        let mut credential = Credential::new(id, Value::Object(self.attributes()));
        credential.marker = self.marker().map(str::to_owned);
        credential.created_at = self.instant("created");
        credential.expires_at = self.expires_at();
        credential.last_used_at = self.instant("last_usage");
        credential
    }

    /// Fields that Gcore documents and this answer lacks.
    pub(crate) fn unreadable(&self) -> impl Iterator<Item = &'static str> {
        let role = self.role().is_unknown().then_some("role");
        let created = self.instant("created").is_none().then_some("created");
        let never = self.0.get("exp_date").is_some_and(Value::is_null);
        let exp_date = (!never && self.expires_at().is_none()).then_some("exp_date");
        [role, created, exp_date].into_iter().flatten()
    }

    fn issuer(&self, field: &str) -> Option<&Value> {
        self.0.get("client_user")?.get(field)
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field)?.as_str()
    }

    /// `2021-01-01T12:00:00.000000Z`; older examples have `2021-01-01 12:00:00+00:00`.
    fn instant(&self, field: &str) -> Option<Timestamp> {
        parse_rfc3339(self.text(field)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn token(fields: Value) -> Token {
        let Value::Object(fields) = fields else { panic!("no object") };
        Token::new(fields)
    }

    #[test]
    fn both_forms_of_dates_are_the_same_instant() {
        let one = token(json!({"exp_date": "2021-01-01T12:00:00.000000Z"}));
        let other = token(json!({"exp_date": "2021-01-01 12:00:00+00:00"}));
        assert!(one.expires_at().is_some());
        assert_eq!(one.expires_at(), other.expires_at());
    }

    #[test]
    fn a_token_is_gone_only_when_it_says_so() {
        assert!(token(json!({"deleted": true, "expired": false})).is_gone());
        assert!(token(json!({"deleted": false, "expired": true})).is_gone());
        for fields in [json!({}), json!({"deleted": false}), json!({"deleted": "true"}), json!({"expired": null})] {
            assert!(!token(fields.clone()).is_gone(), "{fields}");
        }
    }

    #[test]
    fn what_is_not_told_is_absent() {
        let told = token(json!({"id": 1, "client_user": [], "name": 7, "created": 7, "last_usage": null}))
            .credential("9/1".to_owned());
        assert_eq!(told.id, "9/1");
        assert_eq!(told.attributes, json!({"description": ""}));
        assert_eq!((told.created_at, told.expires_at, told.last_used_at), (None, None, None));
    }
}

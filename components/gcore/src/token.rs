//! An API token as Gcore shows it.

use keywright_sdk::{Credential, Date, Fields, Response, Result as CallResult, marker};
use serde_json::{Map, Value};

use crate::role::Role;
use crate::tokens::positive;

/// The fields of a token. Any that is missing or of another type shows as absent, so that a change at Gcore never costs a
/// secret that was just minted.
pub(crate) struct Token(Map<String, Value>);

/// Attributes that a token holds under their own names, and what they are.
const OWN: [(&str, Is); 3] =
    [("name", Value::is_string), ("deleted", Value::is_boolean), ("expired", Value::is_boolean)];

/// Attributes that stand with the user who issued the token: the field, the attribute, and what it is.
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
        let Value::Object(fields) = response.json()? else { return Err(response.unexpected("it is not an API token")) };
        let token = Self(fields);
        if token.id() != Some(token_id) || token.other_account(client_id).is_some() {
            return Err(response.unexpected("it is not about the token that was asked for"));
        }
        Ok(token)
    }

    /// The account of the user who issued the token, where it is another than this one.
    pub(crate) fn other_account(&self, client_id: u64) -> Option<u64> {
        self.issuer().get("client_id").and_then(positive).filter(|id| *id != client_id)
    }

    pub(crate) fn id(&self) -> Option<u64> {
        self.fields().get("id").and_then(positive)
    }

    /// Whether Gcore says that it works no more. It may still show such a token, which it does not bring back.
    pub(crate) fn is_gone(&self) -> bool {
        ["deleted", "expired"].iter().any(|flag| self.0.get(*flag) == Some(&Value::Bool(true)))
    }

    /// The whole description, marker included.
    pub(crate) fn description(&self) -> &str {
        self.fields().text("description").unwrap_or_default()
    }

    pub(crate) fn marker(&self) -> Option<&str> {
        marker::split(self.description()).1
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.fields().text("name")
    }

    pub(crate) fn role(&self) -> Role {
        Role::of_answer(self.issuer().get("role").unwrap_or(&Value::Null))
    }

    /// `2021-01-01T12:00:00.000000Z`; older examples have `2021-01-01 12:00:00+00:00`.
    pub(crate) fn expires_at(&self) -> Date {
        self.fields().date("exp_date")
    }

    pub(crate) fn created_at(&self) -> Date {
        self.fields().date("created")
    }

    /// Whether the answer has the expiry, including null, which means never.
    pub(crate) fn has_expiry(&self) -> bool {
        self.0.contains_key("exp_date")
    }

    pub(crate) fn attributes(&self) -> Map<String, Value> {
        let mut attributes = Map::new();
        let own = OWN.iter().map(|(name, is)| (*name, self.fields().get(name), is));
        let of_issuer = ISSUER.iter().map(|(field, name, is)| (*name, self.issuer().get(field), is));
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
        credential.created_at = self.created_at();
        credential.expires_at = self.expires_at();
        credential.last_used_at = self.fields().date("last_usage");
        credential
    }

    fn issuer(&self) -> Fields<'_> {
        self.fields().object("client_user")
    }

    fn fields(&self) -> Fields<'_> {
        Fields::of_map(&self.0)
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
        assert!(one.expires_at().instant().is_some());
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
    fn what_is_not_given_is_absent_and_what_cannot_be_read_is_not() {
        let shown = token(json!({"id": 1, "client_user": [], "name": 7, "created": 7, "last_usage": null}))
            .credential("9/1".to_owned());
        assert_eq!(shown.id, "9/1");
        assert_eq!(shown.attributes, json!({"description": ""}));
        assert_eq!(shown.created_at, Date::Unreadable("7".to_owned()));
        assert_eq!((shown.expires_at, shown.last_used_at), (Date::None, Date::None));
    }
}

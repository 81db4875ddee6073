//! Making a token: what is sent, and what comes of it.

use chrono::SecondsFormat;
use keywright_sdk::{
    CreateRequest, Credential, Date, FieldProblem, Fields, Issued, Problem, Response, Result, Timestamp, marker,
    rfc3339,
};
use serde_json::{Map, Value};

use crate::descriptor::DESCRIPTION_LENGTH;
use crate::role::{self, Role};
use crate::token::Token;
use crate::tokens::{credential_id, number, positive};

/// A token as it is asked for.
pub(crate) struct Wanted<'a> {
    request: &'a CreateRequest,
    name: &'a str,
    /// With the marker.
    description: String,
    role: Role,
    expires_at: Option<Timestamp>,
}

impl<'a> Wanted<'a> {
    pub(crate) fn read(request: &'a CreateRequest) -> Result<Self> {
        let attributes = Fields::of_map(&request.attributes);
        let Some(name) = attributes.text("name") else {
            return Err(FieldProblem::new("/attributes/name", Problem::Required, "is missing").into());
        };
        let pointer = "/attributes/description";
        let description = match attributes.get("description") {
            None => "",
            Some(Value::String(text)) => text,
            Some(_) => return Err(FieldProblem::new(pointer, Problem::Format, "must be text").into()),
        };
        // How much Gcore keeps is not known. Of a text alone it may say so itself; a marker must not be at risk.
        let description = match &request.marker {
            None => description.to_owned(),
            Some(marker) => marker::join_within(description, Some(marker), DESCRIPTION_LENGTH, pointer)?,
        };
        // Gcore writes microseconds; nothing finer can be asked for.
        let expires_at = request.expires_at.and_then(|at| Timestamp::from_timestamp_micros(at.timestamp_micros()));
        Ok(Self { request, name, description, role: Role::asked(&request.attributes)?, expires_at })
    }

    /// The attribute that named the role.
    pub(crate) fn role_attribute(&self) -> &'static str {
        if Fields::of_map(&self.request.attributes).has(role::ID) { role::ID } else { role::NAME }
    }

    /// As Gcore takes it. The expiry is always there: a token without one is asked for with null.
    pub(crate) fn body(&self) -> Value {
        let mut user = Map::new();
        user.insert("role".to_owned(), self.role.to_json());
        let mut body = Map::new();
        body.insert("name".to_owned(), self.name.into());
        body.insert("description".to_owned(), self.description.as_str().into());
        let exp_date = self.expires_at.map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true));
        body.insert("exp_date".to_owned(), exp_date.map_or(Value::Null, Value::String));
        body.insert("client_user".to_owned(), Value::Object(user));
        Value::Object(body)
    }

    /// What was made, of an answer that holds a token. The answer may hold nothing else (the v1 API description).
    pub(crate) fn issued(&self, client_id: u64, answer: Map<String, Value>, token: &str) -> Issued {
        let (shown_id, prefix) = (answer.get("id").and_then(positive), public_id(token));
        // Without an id there is one that no host takes, so that nothing is ever done to another token by it.
        let id = shown_id.or(prefix).map(|id| credential_id(client_id, id));
        let without_id = id.is_none();
        let id = id.unwrap_or_else(|| format!("{client_id}/unknown"));
        let mut issued = if answer.len() == 1 {
            Issued::new(self.credential(id))
        } else {
            let shown = Token::new(answer);
            self.compare(&shown, Issued::new(shown.credential(id)))
        };
        if without_id {
            issued = issued.warning(
                "Gcore's answer does not hold the id of the token: find it in a list by its name or its marker, and work \
                 on it by the id there",
            );
        }
        if let (Some(shown), Some(prefix)) = (shown_id, prefix)
            && shown != prefix
        {
            issued =
                issued.warning(format!("Gcore says that this is token {shown}, but what it made starts with {prefix}"));
        }
        issued.part("token", token)
    }

    /// The token as it was asked for, where Gcore shows nothing of it.
    fn credential(&self, id: String) -> Credential {
        let mut attributes = Map::new();
        attributes.insert("name".to_owned(), self.name.into());
        attributes.insert("description".to_owned(), marker::split(&self.description).0.into());
        self.role.write(&mut attributes);
        let mut credential = Credential::new(id, Value::Object(attributes));
        credential.marker = self.request.marker.clone();
        credential.expires_at = self.expires_at.into();
        credential
    }

    /// Warns of what is not as it was asked for, and of what cannot be read.
    fn compare(&self, shown: &Token, mut issued: Issued) -> Issued {
        let role = ["/attributes/", self.role_attribute()].concat();
        if shown.role().is_unknown() {
            issued = issued.warning_at(&role, "Gcore's answer had no readable role");
        }
        if shown.created_at().instant().is_none() {
            issued = issued.warning("Gcore's answer had no readable created");
        }
        if !shown.has_expiry() || shown.expires_at().is_unreadable() {
            issued = issued.warning_at("/expires_at", "Gcore's answer had no readable exp_date");
        }
        issued = match (self.expires_at, shown.expires_at()) {
            (Some(asked), shown) if shown != Date::At(asked) => {
                let message = format!("Gcore did not set the expiry that was asked for, {}", rfc3339(&asked));
                issued.warning_at("/expires_at", message)
            }
            (None, Date::At(shown)) => {
                let message = format!("Gcore ends the token at {}, which was not asked for", rfc3339(&shown));
                issued.warning_at("/expires_at", message)
            }
            _ => issued,
        };
        if let Some(marker) = self.request.marker.as_deref().filter(|marker| shown.marker() != Some(marker)) {
            let message = format!("Gcore did not keep the marker {marker}: the token cannot be found by it");
            issued = issued.warning_at("/marker", message);
        } else if shown.description() != self.description {
            let message = "Gcore did not keep the description as it was given";
            issued = issued.warning_at("/attributes/description", message);
        }
        if shown.name() != Some(self.name) {
            issued = issued.warning_at("/attributes/name", "Gcore did not keep the name as it was given");
        }
        if !shown.role().may_be(&self.role) {
            issued = issued.warning_at(&role, "Gcore gave the token another role than the one that was asked for");
        }
        issued
    }
}

/// The id that a token starts with, before the first `$` or `_`. Nothing else of a token is ever looked at, and where the
/// host has put something else in its place there is none.
fn public_id(token: &str) -> Option<u64> {
    let (id, _) = token.split_once(['$', '_'])?;
    number(id)
}

/// The token in an answer to a creation.
pub(crate) fn read(response: &Response) -> Result<(Map<String, Value>, String)> {
    let Value::Object(answer) = response.json()? else { return Err(response.unexpected("it is not an object")) };
    match answer.get("token") {
        Some(Value::String(token)) if !token.is_empty() => {
            let token = token.clone();
            Ok((answer, token))
        }
        _ => Err(response.unexpected(&match answer.get("id").and_then(positive) {
            Some(id) => format!("it does not hold the token {id}, which was made"),
            None => "it holds no token".to_owned(),
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_stands_before_the_first_separator() {
        assert_eq!(public_id("768660$a43f"), Some(768_660));
        assert_eq!(public_id("42_a1b2$c3"), Some(42));
        assert_eq!(public_id("42$a1b2_c3"), Some(42));
    }

    #[test]
    fn what_is_not_an_id_is_none() {
        for token in ["", "a43f", "768660", "_a43f", "$a43f", "handle_768660$", "0_a", "42 _a"] {
            assert_eq!(public_id(token), None, "{token}");
        }
    }
}

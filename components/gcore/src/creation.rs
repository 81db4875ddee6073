//! Making a token: what is sent, and what comes of it.

use chrono::SecondsFormat;
use keywright_sdk::{
    Creation, Credential, FieldProblem, Issued, Problem, Response, Result, Timestamp, marker, rfc3339,
};
use serde_json::{Map, Value};

use crate::descriptor::DESCRIPTION_LENGTH;
use crate::role::{self, Role};
use crate::token::Token;
use crate::tokens::{credential_id, number, positive};

/// A token as it is asked for.
pub(crate) struct Wanted<'a> {
    creation: &'a Creation,
    name: &'a str,
    /// With the marker.
    description: String,
    role: Role,
    expires_at: Option<Timestamp>,
}

impl<'a> Wanted<'a> {
    pub(crate) fn read(creation: &'a Creation) -> Result<Self> {
        let attributes = &creation.attributes;
        let Some(name) = attributes.get("name").and_then(Value::as_str).filter(|name| !name.is_empty()) else {
            return Err(FieldProblem::new("/attributes/name", Problem::Required, "is missing").into());
        };
        let pointer = "/attributes/description";
        let description = match attributes.get("description") {
            None | Some(Value::Null) => "",
            Some(Value::String(text)) => text,
            Some(_) => return Err(FieldProblem::new(pointer, Problem::Format, "must be text").into()),
        };
        // How much Gcore keeps is not known. Of a text alone it may say so itself; a marker must not be at risk.
        let description = match &creation.marker {
            None => description.to_owned(),
            Some(marker) => marker::join_within(description, Some(marker), DESCRIPTION_LENGTH, pointer)?,
        };
        // Gcore writes microseconds; finer than that nothing can be asked for.
        let expires_at = creation.expires_at.and_then(|at| Timestamp::from_timestamp_micros(at.timestamp_micros()));
        Ok(Self { creation, name, description, role: Role::asked(attributes)?, expires_at })
    }

    /// The attribute that named the role.
    pub(crate) fn role_attribute(&self) -> &'static str {
        let by_id = self.creation.attributes.get(role::ID).is_some_and(|id| !id.is_null());
        if by_id { role::ID } else { role::NAME }
    }

    /// As Gcore takes it. The expiry is always said: a token without one is asked for with null.
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
        let told_id = answer.get("id").and_then(positive);
        let prefix = public_id(token);
        let mut warnings = Vec::new();
        let id = match told_id.or(prefix) {
            Some(id) => credential_id(client_id, id),
            None => {
                warnings.push(
                    "Gcore's answer does not tell the id of the token: find it in a list by its name or its marker, and \
                     work on it by the id there"
                        .to_owned(),
                );
                // No id that a host takes, so that nothing is ever done to another token by it.
                format!("{client_id}/unknown")
            }
        };
        if let (Some(told), Some(prefix)) = (told_id, prefix)
            && told != prefix
        {
            warnings.push(format!("Gcore says that this is token {told}, but what it made starts with {prefix}"));
        }
        let credential = if answer.len() == 1 {
            self.credential(id)
        } else {
            let told = Token::new(answer);
            self.compare(&told, &mut warnings);
            told.credential(id)
        };
        let issued = Issued::new(credential).part("token", token);
        Issued { warnings, ..issued }
    }

    /// The token as it was asked for, where Gcore tells nothing of it.
    fn credential(&self, id: String) -> Credential {
        let mut attributes = Map::new();
        attributes.insert("name".to_owned(), self.name.into());
        attributes.insert("description".to_owned(), marker::split(&self.description).0.into());
        self.role.write(&mut attributes);
        let mut credential = Credential::new(id, Value::Object(attributes));
        credential.marker = self.creation.marker.clone();
        credential.expires_at = self.expires_at;
        credential
    }

    /// What is not as it was asked for.
    fn compare(&self, told: &Token, warnings: &mut Vec<String>) {
        let unreadable: Vec<&str> = told.unreadable().collect();
        for field in &unreadable {
            warnings.push(format!("Gcore's answer had no readable {field}"));
        }
        match (self.expires_at, told.expires_at()) {
            (asked, told) if asked == told => {}
            (Some(asked), _) => {
                warnings.push(format!("Gcore did not set the expiry that was asked for, {}", rfc3339(&asked)));
            }
            (None, Some(told)) => {
                warnings.push(format!("Gcore ends the token at {}, which was not asked for", rfc3339(&told)));
            }
            (None, None) => {}
        }
        if let Some(marker) = self.creation.marker.as_deref().filter(|marker| told.marker() != Some(marker)) {
            warnings.push(format!("Gcore did not keep the marker {marker}: the token cannot be found by it"));
        } else if told.description() != self.description {
            warnings.push("Gcore did not keep the description as it was given".to_owned());
        }
        if told.name() != Some(self.name) {
            warnings.push("Gcore did not keep the name as it was given".to_owned());
        }
        if !told.role().may_be(&self.role) {
            warnings.push("Gcore gave the token another role than the one that was asked for".to_owned());
        }
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
    let Value::Object(answer) = response.json()? else { return Err(response.unexpected("it is no object")) };
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
    fn what_is_no_id_is_none() {
        for token in ["", "a43f", "768660", "_a43f", "$a43f", "handle_768660$", "0_a", "42 _a"] {
            assert_eq!(public_id(token), None, "{token}");
        }
    }
}

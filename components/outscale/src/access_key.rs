//! The access key as OUTSCALE tells of it.

use keywright_sdk::{
    Credential, FieldProblem, Problem, Response, Result as CallResult, Timestamp, marker, parse_rfc3339,
};
use serde_json::{Map, Value};

use crate::descriptor::TAG_LENGTH;
use crate::key_id::Owner;

pub(crate) const ACTIVE: &str = "ACTIVE";
pub(crate) const INACTIVE: &str = "INACTIVE";

/// An answer's access key. Only its id must be there; any other field that is missing or of another type shows as absent,
/// so that a change at OUTSCALE never costs a secret that was just minted.
pub(crate) struct AccessKey {
    pub(crate) id: String,
    /// When it was told, by OUTSCALE's clock.
    pub(crate) told_at: Option<Timestamp>,
    fields: Map<String, Value>,
}

impl AccessKey {
    fn new(key: Value, response: &Response) -> Option<Self> {
        let Value::Object(fields) = key else { return None };
        match fields.get("AccessKeyId") {
            Some(Value::String(id)) if !id.is_empty() => {
                Some(Self { id: id.clone(), told_at: response.date(), fields })
            }
            _ => None,
        }
    }

    /// The key of an answer that tells of one.
    pub(crate) fn read(response: &Response) -> CallResult<Self> {
        let mut answer: Value = response.json()?;
        let key = answer.get_mut("AccessKey").and_then(|key| Self::new(key.take(), response));
        key.ok_or_else(|| response.unexpected("it has no access key"))
    }

    /// [`read`](Self::read) of the key that was asked for.
    pub(crate) fn read_known(response: &Response, id: &str) -> CallResult<Self> {
        let key = Self::read(response)?;
        if key.id == id { Ok(key) } else { Err(response.unexpected("it is about another key")) }
    }

    /// The keys of an answer that lists them.
    pub(crate) fn list(response: &Response) -> CallResult<Vec<Self>> {
        let mut answer: Value = response.json()?;
        let Some(Value::Array(listed)) = answer.get_mut("AccessKeys").map(Value::take) else {
            return Err(response.unexpected("it is no list of access keys"));
        };
        let mut keys = Vec::new();
        for key in listed {
            keys.push(Self::new(key, response).ok_or_else(|| response.unexpected("a key in it has no id"))?);
        }
        Ok(keys)
    }

    /// The one key that was asked for; nothing when the list is empty.
    pub(crate) fn one_of(response: &Response, id: &str) -> CallResult<Option<Self>> {
        let keys = Self::list(response)?;
        let empty = keys.is_empty();
        match keys.into_iter().find(|key| key.id == id) {
            None if !empty => Err(response.unexpected("it is about another key")),
            found => Ok(found),
        }
    }

    /// Set in the answer to a creation, in no other.
    pub(crate) fn secret_key(&self) -> Option<&str> {
        self.text("SecretKey").filter(|secret_key| !secret_key.is_empty())
    }

    pub(crate) fn state(&self) -> Option<&str> {
        self.text("State")
    }

    /// Only what is said to be inactive is: of a state that is not known the worse is believed.
    pub(crate) fn is_enabled(&self) -> bool {
        self.state() != Some(INACTIVE)
    }

    /// The whole tag, marker included.
    pub(crate) fn tag(&self) -> &str {
        self.text("Tag").unwrap_or_default()
    }

    /// When it expires, `Some(None)` being never; nothing when there is an expiry that cannot be read.
    pub(crate) fn expiry(&self) -> Option<Option<Timestamp>> {
        match self.fields.get("ExpirationDate") {
            None | Some(Value::Null) => Some(None),
            Some(_) => self.instant("ExpirationDate").map(Some),
        }
    }

    pub(crate) fn expires_at(&self) -> Option<Timestamp> {
        self.expiry().flatten()
    }

    pub(crate) fn attributes(&self, owner: Option<Owner<'_>>) -> Map<String, Value> {
        let mut attributes = Map::new();
        let mut add = |name: &str, value: &str| drop(attributes.insert(name.to_owned(), value.into()));
        if let Some(owner) = owner {
            add("user_name", owner.0);
        }
        add("access_key_id", &self.id);
        add("tag", marker::split(self.tag()).0);
        for (name, field) in [("state", "State"), ("last_modification_date", "LastModificationDate")] {
            if let Some(text) = self.text(field) {
                add(name, text);
            }
        }
        attributes
    }

    pub(crate) fn marker(&self) -> Option<&str> {
        marker::split(self.tag()).1
    }

    pub(crate) fn credential(&self, owner: Owner<'_>) -> Credential {
        let mut credential = Credential::new(owner.id_of(&self.id), Value::Object(self.attributes(Some(owner))));
        credential.enabled = self.is_enabled();
        credential.marker = self.marker().map(str::to_owned);
        credential.created_at = self.instant("CreationDate");
        credential.expires_at = self.expires_at();
        credential
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str()
    }

    fn instant(&self, field: &str) -> Option<Timestamp> {
        instant(self.text(field)?)
    }
}

/// Reads a date as OUTSCALE has been seen to write it: with the offset `+0000`, which RFC 3339 does not know, with `Z`, or as
/// a day alone.
fn instant(text: &str) -> Option<Timestamp> {
    parse_rfc3339(text).or_else(|| {
        let (time, minutes) = text.split_at_checked(text.len().checked_sub(2)?)?;
        parse_rfc3339(&[time, ":", minutes].concat()).or_else(|| parse_rfc3339(&[text, "T00:00:00Z"].concat()))
    })
}

/// The tag to send for this value, marker included; null removes it.
pub(crate) fn tag_of(value: Option<&Value>, marker: Option<&str>) -> CallResult<String> {
    let text = match value {
        None | Some(Value::Null) => "",
        Some(Value::String(text)) => text,
        Some(_) => return Err(FieldProblem::new("/attributes/tag", Problem::Format, "must be text").into()),
    };
    Ok(marker::join_within(text, marker, TAG_LENGTH, "/attributes/tag")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_every_form_that_was_seen() {
        let expected = parse_rfc3339("2028-01-02T03:04:05Z");
        for text in ["2028-01-02T03:04:05.000+0000", "2028-01-02T03:04:05Z", "2028-01-02T05:04:05+0200"] {
            assert_eq!(instant(text), expected, "{text}");
        }
        assert_eq!(instant("2028-01-02"), parse_rfc3339("2028-01-02T00:00:00Z"));
        assert_eq!(instant("2028-01-02T03:04:05.678+0000"), parse_rfc3339("2028-01-02T03:04:05.678Z"));
        for text in ["", "Z", "é", "tomorrow", "2028-01-02T03:04:05", "2028-13-02T03:04:05Z"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}

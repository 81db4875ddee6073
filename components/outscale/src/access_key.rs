//! The access key as OUTSCALE shows it.

use keywright_sdk::{
    Credential, Date, FieldProblem, Fields, Page, Problem, Response, Result as CallResult, Timestamp, marker,
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
    /// When it was shown, by OUTSCALE's clock.
    pub(crate) shown_at: Option<Timestamp>,
    fields: Map<String, Value>,
}

impl AccessKey {
    fn new(key: Value, response: &Response) -> Option<Self> {
        let Value::Object(fields) = key else { return None };
        let id = Fields::of_map(&fields).text("AccessKeyId")?.to_owned();
        Some(Self { id, shown_at: response.date(), fields })
    }

    /// The key of an answer that holds one.
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

    /// The keys of an answer that lists them. What cannot be read is reported.
    pub(crate) fn list(response: &Response, page: &mut Page) -> CallResult<Vec<Self>> {
        let mut answer: Value = response.json()?;
        let Some(Value::Array(listed)) = answer.get_mut("AccessKeys").map(Value::take) else {
            return Err(response.unexpected("it is not a list of access keys"));
        };
        let mut keys = Vec::new();
        for key in listed {
            match Self::new(key, response) {
                Some(key) => keys.push(key),
                None => page.report(None, "it has no AccessKeyId"),
            }
        }
        Ok(keys)
    }

    /// The one key that was asked for; nothing when the list is empty.
    pub(crate) fn one_of(response: &Response, id: &str) -> CallResult<Option<Self>> {
        let mut page = Page::default();
        let keys = Self::list(response, &mut page)?;
        let empty = keys.is_empty() && page.unreadable.is_empty();
        match keys.into_iter().find(|key| key.id == id) {
            None if !empty => Err(response.unexpected("it is about another key")),
            found => Ok(found),
        }
    }

    /// Set in the answer to a creation, in no other.
    pub(crate) fn secret_key(&self) -> Option<&str> {
        self.fields().text("SecretKey")
    }

    pub(crate) fn state(&self) -> Option<&str> {
        self.fields().text("State")
    }

    /// Only what is said to be inactive is: of a state that is not known the worse is believed.
    pub(crate) fn is_enabled(&self) -> bool {
        self.state() != Some(INACTIVE)
    }

    /// The whole tag, marker included.
    pub(crate) fn tag(&self) -> &str {
        self.fields().text("Tag").unwrap_or_default()
    }

    /// With the offset `+0000`, which RFC 3339 does not know, with `Z`, or as a day alone: all of them have been seen.
    pub(crate) fn expires_at(&self) -> Date {
        self.fields().date("ExpirationDate")
    }

    /// The attributes that the key itself holds: whose it is, it does not say.
    pub(crate) fn attributes(&self) -> Map<String, Value> {
        let mut attributes = Map::new();
        let mut add = |name: &str, value: &str| drop(attributes.insert(name.to_owned(), value.into()));
        add("access_key_id", &self.id);
        add("tag", marker::split(self.tag()).0);
        for (name, field) in [("state", "State"), ("last_modification_date", "LastModificationDate")] {
            if let Some(text) = self.fields().text(field) {
                add(name, text);
            }
        }
        attributes
    }

    pub(crate) fn marker(&self) -> Option<&str> {
        marker::split(self.tag()).1
    }

    pub(crate) fn credential(&self, owner: Owner<'_>) -> Credential {
        let mut attributes = self.attributes();
        attributes.insert("user_name".to_owned(), owner.user_name.into());
        let mut credential = Credential::new(owner.id_of(&self.id), Value::Object(attributes));
        credential.enabled = self.is_enabled();
        credential.marker = self.marker().map(str::to_owned);
        credential.created_at = self.fields().date("CreationDate");
        credential.expires_at = self.expires_at();
        credential
    }

    fn fields(&self) -> Fields<'_> {
        Fields::of_map(&self.fields)
    }
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

//! The API key as Datadog's answers show it, and as requests write it.

use keywright_sdk::{Credential, FieldProblem, Fields, Problem, Response, Result, Warning, marker};
use serde_json::{Map, Value, json};

use crate::descriptor::NAME_LENGTH;

/// The resource type of JSON:API.
const TYPE: &str = "api_keys";

/// Attributes of Datadog's that are attributes here as they are.
const TEXTS: [&str; 3] = ["category", "last4", "modified_at"];
const FLAGS: [&str; 2] = ["remote_config_read_enabled", "private_action_runner_enroll_enabled"];

/// A resource of an answer. All fields but the id are optional in Datadog's models: what is missing or of another type shows
/// as absent, so that a change at Datadog never costs a key that was just minted.
pub(crate) struct ApiKey {
    pub(crate) id: String,
    resource: Value,
}

impl ApiKey {
    /// Reads a resource. The error ends a sentence that says what is wrong with the answer.
    pub(crate) fn of(resource: Value) -> std::result::Result<Self, &'static str> {
        let id = Fields::of(&resource).text("id").ok_or("an API key in it has no id")?;
        Ok(Self { id: id.to_owned(), resource })
    }

    /// The one that an answer is about.
    pub(crate) fn read(response: &Response) -> Result<Self> {
        let mut document: Value = response.json()?;
        let resource = document.get_mut("data").map(Value::take).unwrap_or_default();
        Self::of(resource).map_err(|how| response.unexpected(how))
    }

    /// [`read`](Self::read) of the key that was asked for.
    pub(crate) fn read_known(response: &Response, id: &str) -> Result<Self> {
        let key = Self::read(response)?;
        if key.id == id { Ok(key) } else { Err(response.unexpected("it is about another key")) }
    }

    /// The key itself, or its handle.
    pub(crate) fn key(&self) -> Option<&str> {
        self.attributes().text("key")
    }

    /// The whole name, the marker included.
    pub(crate) fn name(&self) -> Option<&str> {
        self.attributes().text("name")
    }

    pub(crate) fn marker(&self) -> Option<&str> {
        marker::split(self.name()?).1
    }

    pub(crate) fn credential(&self) -> Credential {
        let told = self.attributes();
        let mut attributes = Map::new();
        let mut tell = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                attributes.insert(name.to_owned(), value);
            }
        };
        tell("name", self.name().map(|name| marker::split(name).0.into()));
        for name in TEXTS {
            tell(name, told.text(name).map(Value::from));
        }
        for name in FLAGS {
            tell(name, told.boolean(name).map(Value::from));
        }
        for name in ["created_by", "modified_by"] {
            tell(name, self.relationships().object(name).object("data").text("id").map(Value::from));
        }
        tell("leaked", self.leaked().map(Value::from));
        let mut credential = Credential::new(&self.id, Value::Object(attributes));
        credential.marker = self.marker().map(str::to_owned);
        credential.created_at = told.date("created_at");
        credential.last_used_at = told.date("date_last_used");
        credential
    }

    /// Whether Datadog found the key in public, where the answer says.
    fn leaked(&self) -> Option<bool> {
        let information = self.relationships().get("leak_information")?;
        information.get("data").map(|leak| !leak.is_null())
    }

    /// What the answer shows of a change or a creation otherwise than it was sent. What it does not show is not missed.
    pub(crate) fn warnings(&self, sent: &Map<String, Value>, marker: Option<&str>) -> Vec<Warning> {
        let (told, sent) = (self.attributes(), Fields::of_map(sent));
        let mut warnings = Vec::new();
        let mut warn = |pointer, message: &str| warnings.push(Warning::new(pointer, message));
        if marker.is_some() && self.marker() != marker {
            warn(Some("/marker"), "does not stand whole at the end of the name that Datadog answers");
        } else if self.name().is_some() && sent.has("name") && self.name() != sent.text("name") {
            warn(Some("/attributes/name"), "is not the name that Datadog answers");
        }
        if sent.has("category") && told.has("category") && sent.text("category") != told.text("category") {
            warn(Some("/attributes/category"), "is not the category that Datadog answers");
        }
        const REMOTE: &str = "remote_config_read_enabled";
        match (sent.boolean(REMOTE), told.boolean(REMOTE)) {
            (Some(true), Some(false)) => warn(
                Some("/attributes/remote_config_read_enabled"),
                "stays false: the organization does not have remote configuration enabled",
            ),
            (Some(false), Some(true)) => {
                warn(Some("/attributes/remote_config_read_enabled"), "stays true at Datadog");
            }
            _ => {}
        }
        for name in ["created_at", "date_last_used"] {
            if told.date(name).is_unreadable() {
                warn(None, &["Datadog's answer has no readable ", name].concat());
            }
        }
        warnings
    }

    fn attributes(&self) -> Fields<'_> {
        Fields::of(&self.resource).object("attributes")
    }

    fn relationships(&self) -> Fields<'_> {
        Fields::of(&self.resource).object("relationships")
    }
}

/// The document of a creation, and with an id that of a change.
pub(crate) fn document(id: Option<&str>, attributes: &Map<String, Value>) -> Value {
    let mut resource = json!({"type": TYPE, "attributes": attributes});
    if let Some(id) = id {
        resource["id"] = id.into();
    }
    json!({"data": resource})
}

/// The name to send for this attribute. Without a marker its length is Datadog's affair.
pub(crate) fn name(attribute: &Value, marker: Option<&str>) -> Result<String> {
    const POINTER: &str = "/attributes/name";
    match (attribute, marker) {
        (Value::String(name), None) => Ok(name.clone()),
        (Value::String(name), marker) => Ok(marker::join_within(name, marker, NAME_LENGTH, POINTER)?),
        (Value::Null, _) => Err(FieldProblem::new(POINTER, Problem::Required, "is missing: every key has one").into()),
        _ => Err(FieldProblem::new(POINTER, Problem::Format, "must be text").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keywright_sdk::Date;

    fn key(attributes: Value) -> ApiKey {
        ApiKey::of(json!({"id": "k", "attributes": attributes})).unwrap()
    }

    fn pointers(key: &ApiKey, sent: Value, marker: Option<&str>) -> Vec<Option<String>> {
        let Value::Object(sent) = sent else { panic!("{sent} is not an object") };
        key.warnings(&sent, marker).into_iter().map(|warning| warning.pointer).collect()
    }

    #[test]
    fn a_key_is_shown_without_its_value_and_with_its_marker_apart() {
        let key = ApiKey::of(json!({
            "type": "api_keys", "id": "k",
            "attributes": {
                "name": "web [keywright:g1]", "key": "hush", "last4": "cdef", "modified_at": "2021-08-03T08:39:13+00:00",
                "created_at": "2021-08-03T08:39:13.601930+00:00", "date_last_used": null, "category": 7,
                "remote_config_read_enabled": false,
            },
            "relationships": {
                "created_by": {"data": {"type": "users", "id": "u"}}, "modified_by": {"data": null},
                "leak_information": {"data": {"type": "leaked_keys", "id": "l"}},
            },
        }));
        let credential = key.unwrap().credential();
        let expected = json!({
            "name": "web", "last4": "cdef", "modified_at": "2021-08-03T08:39:13+00:00",
            "remote_config_read_enabled": false, "created_by": "u", "leaked": true,
        });
        assert_eq!((credential.attributes, credential.marker.as_deref()), (expected, Some("g1")));
        assert_eq!(credential.created_at, Date::read("2021-08-03T08:39:13.60193Z"));
        assert_eq!((credential.last_used_at, credential.expires_at), (Date::None, Date::None));
    }

    #[test]
    fn only_the_id_must_be_there() {
        let credential = ApiKey::of(json!({"id": "k"})).unwrap().credential();
        assert_eq!((credential.id.as_str(), credential.attributes), ("k", json!({})));
        for resource in [json!(null), json!([]), json!({"id": ""}), json!({"id": 7})] {
            assert!(ApiKey::of(resource).is_err());
        }
    }

    #[test]
    fn a_leak_is_told_where_the_answer_says() {
        let leaked = |information: Value| {
            ApiKey::of(json!({"id": "k", "relationships": {"leak_information": information}})).unwrap().leaked()
        };
        assert_eq!(leaked(json!({"data": null})), Some(false));
        assert_eq!(leaked(json!({"data": {"id": "l"}})), Some(true));
        assert_eq!((leaked(json!({})), leaked(json!(null))), (None, None));
    }

    #[test]
    fn what_is_not_as_asked_is_a_warning_at_its_field() {
        let at = |pointer: &str| vec![Some(pointer.to_owned())];
        let cut = key(json!({"name": "web [keywright:g"}));
        assert_eq!(pointers(&cut, json!({"name": "web [keywright:g1]"}), Some("g1")), at("/marker"));
        assert_eq!(pointers(&key(json!({})), json!({"name": "web [keywright:g1]"}), Some("g1")), at("/marker"));
        assert_eq!(pointers(&key(json!({"name": "w"})), json!({"name": "web"}), None), at("/attributes/name"));
        let remote = |told: bool| key(json!({"remote_config_read_enabled": told}));
        let pointer = at("/attributes/remote_config_read_enabled");
        assert_eq!(pointers(&remote(false), json!({"remote_config_read_enabled": true}), None), pointer);
        assert_eq!(pointers(&remote(true), json!({"remote_config_read_enabled": false}), None), pointer);
        let category = key(json!({"category": "a"}));
        assert_eq!(pointers(&category, json!({"category": "b"}), None), at("/attributes/category"));
        assert_eq!(pointers(&key(json!({"created_at": "soon"})), json!({}), None), [None]);
    }

    #[test]
    fn what_an_answer_does_not_have_is_not_missed() {
        let sent = json!({"name": "web", "category": "a", "remote_config_read_enabled": true});
        assert_eq!(pointers(&key(json!({})), sent.clone(), None), []);
        assert_eq!(pointers(&key(sent.clone()), sent, None), []);
    }

    #[test]
    fn a_name_has_room_for_its_marker_or_is_datadogs_affair() {
        let long = json!("x".repeat(300));
        assert_eq!(name(&long, None).unwrap().len(), 300);
        assert!(name(&long, Some("g1")).unwrap_err().message().contains("room for 240 characters"));
        assert_eq!(name(&json!("web"), Some("g1")).unwrap(), "web [keywright:g1]");
        assert!(name(&json!(null), None).is_err() && name(&json!(7), None).is_err());
    }
}

//! The access key as AWS shows it.

use keywright_sdk::xml::Element;
use keywright_sdk::{Credential, Date};
use serde_json::{Map, Value};

use crate::call::text;
use crate::key_id::KeyId;

pub(crate) const ACTIVE: &str = "Active";
pub(crate) const INACTIVE: &str = "Inactive";

/// An answer's access key. Only its id must be there; anything else that is missing shows as absent, so that a change at AWS
/// never costs a secret that was just minted.
#[derive(Clone, Debug)]
pub(crate) struct AccessKey {
    pub(crate) id: String,
    /// The owner, as AWS writes the name.
    pub(crate) user: String,
    /// `Active`, `Inactive`, and since September 2025 `Expired`; empty when the answer does not say.
    pub(crate) status: String,
    created_at: Date,
}

impl AccessKey {
    /// A key of the user who was asked for; nothing when it has no id that could be one.
    pub(crate) fn read(element: &Element, user: &str) -> Option<Self> {
        Some(Self {
            id: text(element, "AccessKeyId").filter(|id| is_segment(id))?.to_owned(),
            user: text(element, "UserName").filter(|name| is_segment(name)).unwrap_or(user).to_owned(),
            status: text(element, "Status").unwrap_or_default().to_owned(),
            created_at: text(element, "CreateDate").map_or(Date::None, Date::read),
        })
    }

    /// Whether it is switched on. **Choice**: only what is said to be inactive is off; of a status that is not known, and of
    /// `Expired`, the worse is believed.
    pub(crate) fn is_enabled(&self) -> bool {
        self.status != INACTIVE
    }

    /// The credential, without its last use.
    pub(crate) fn credential(&self) -> Credential {
        let mut attributes = Map::new();
        for (name, value) in [("user_name", &self.user), ("access_key_id", &self.id), ("status", &self.status)] {
            if !value.is_empty() {
                attributes.insert(name.to_owned(), value.as_str().into());
            }
        }
        let mut credential = Credential::new(KeyId::join(&self.user, &self.id), Value::Object(attributes));
        credential.enabled = self.is_enabled();
        credential.created_at = self.created_at.clone();
        credential
    }
}

/// Whether a text can be a segment of an id. AWS's own names and ids are made of much less.
fn is_segment(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use keywright_sdk::xml;

    fn read(elements: &str) -> Option<AccessKey> {
        AccessKey::read(&xml::parse(format!("<AccessKey>{elements}</AccessKey>").as_bytes()).unwrap(), "ci")
    }

    #[test]
    fn only_the_id_must_be_there() {
        let key =
            read("<AccessKeyId>AKIAEXAMPLE000000002</AccessKeyId><UserName/><CreateDate>soon</CreateDate>").unwrap();
        let credential = key.credential();
        assert_eq!(credential.id, "ci/AKIAEXAMPLE000000002");
        assert_eq!(
            credential.attributes,
            serde_json::json!({"user_name": "ci", "access_key_id": "AKIAEXAMPLE000000002"})
        );
        assert!(credential.enabled && credential.created_at.is_unreadable());
        for none in [
            "<AccessKeyId/>",
            "<Status>Active</Status>",
            "<AccessKeyId>a/b</AccessKeyId>",
            "<AccessKeyId>a b</AccessKeyId>",
        ] {
            assert!(read(none).is_none(), "{none}");
        }
        let of_a_path = read("<AccessKeyId>A</AccessKeyId><UserName>/system/ci</UserName>").unwrap();
        assert_eq!(of_a_path.user, "ci", "the name that was asked for");
    }

    #[test]
    fn a_key_is_off_only_when_it_is_inactive() {
        for (status, enabled) in [("Active", true), ("Inactive", false), ("Expired", true), ("Other", true)] {
            let key = read(&format!("<AccessKeyId>A</AccessKeyId><Status>{status}</Status>")).unwrap();
            assert_eq!((key.is_enabled(), &key.credential().attributes["status"]), (enabled, &status.into()));
        }
    }
}

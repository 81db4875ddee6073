//! The bodies of a creation and of a change, read strictly. That an unknown field is refused is a choice, so that a
//! misspelt one does not pass.

use uuid::Uuid;

use super::{api_key::TYPE, errors::Refusal};
use crate::fields::Fields;

/// The longest category, in characters; unknown, a choice.
const LONGEST_CATEGORY: usize = 255;

/// What a body says of a key.
#[derive(Default)]
pub(super) struct Written {
    pub(super) name: String,
    pub(super) category: Option<String>,
    pub(super) remote_config_read_enabled: Option<bool>,
}

impl Written {
    pub(super) fn creation(body: &[u8], longest_name: usize) -> Result<Self, Refusal> {
        Self::read(body, None, longest_name)
    }

    /// A change names the key in its body too, and the name even when it stays (models of the Python client). That the id
    /// of the path is demanded there is a choice.
    pub(super) fn change(body: &[u8], id: Uuid, longest_name: usize) -> Result<Self, Refusal> {
        Self::read(body, Some(id), longest_name)
    }

    fn read(body: &[u8], id: Option<Uuid>, longest_name: usize) -> Result<Self, Refusal> {
        let known: &[&str] = if id.is_some() { &["type", "attributes", "id"] } else { &["type", "attributes"] };
        let mut fields = Fields::read(body, &["data"]);
        let written = fields.object("data", known, |data| {
            data.get("type", "must be api_keys", |value| (value == TYPE).then_some(()));
            data.require("type");
            if let Some(id) = id {
                let id = id.to_string();
                data.get("id", "must be the id of the path", |value| (*value == *id).then_some(()));
                data.require("id");
            }
            data.require("attributes");
            data.object("attributes", &["name", "category", "remote_config_read_enabled"], |attributes| {
                attributes.require("name");
                Self {
                    name: attributes.text("name", longest_name).unwrap_or_default(),
                    category: attributes.text("category", LONGEST_CATEGORY),
                    remote_config_read_enabled: attributes.flag("remote_config_read_enabled"),
                }
            })
        });
        fields.require("data");
        fields.finish()?;
        Ok(written.flatten().unwrap_or_default())
    }
}

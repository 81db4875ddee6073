//! The related resources that an answer brings along (JSON:API's compound documents).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{api_key::ApiKey, organization::Organization, timestamp};
use crate::parameters::Parameters;

/// What `include` asks for.
#[derive(Clone, Copy, Default)]
pub(super) struct Include {
    created_by: bool,
    modified_by: bool,
    leak_information: bool,
}

impl Include {
    /// A list of relationships separated by commas. The reference names `created_by` and `modified_by`; that
    /// `leak_information` is the name for the leaked keys, which the models of the Python client have, is a choice.
    pub(super) fn read(parameters: &mut Parameters) -> Option<Self> {
        parameters.parsed("include", |text| {
            let mut include = Self::default();
            for name in text.split(',') {
                match name.trim() {
                    "created_by" => include.created_by = true,
                    "modified_by" => include.modified_by = true,
                    "leak_information" => include.leak_information = true,
                    _ => return None,
                }
            }
            Some(include)
        })
    }

    /// The related resources of these keys, each once.
    pub(super) fn of<'k>(self, organization: &Organization, keys: impl IntoIterator<Item = &'k ApiKey>) -> Value {
        let mut seen: BTreeSet<Uuid> = BTreeSet::new();
        let mut included = Vec::new();
        for key in keys {
            let creator = self.created_by.then_some(key.created_by);
            let changer = key.modified_by.filter(|_| self.modified_by);
            for user in creator.into_iter().chain(changer) {
                if let Some(user) = organization.user(user).filter(|user| seen.insert(user.id)) {
                    included.push(user.shown());
                }
            }
            if let Some(leak) = key.leak.as_ref().filter(|leak| self.leak_information && seen.insert(leak.id)) {
                included.push(json!({
                    "type": "leaked_keys",
                    "id": leak.id,
                    "attributes": {"date": timestamp::text(leak.date), "leak_source": leak.source},
                }));
            }
        }
        json!(included)
    }
}

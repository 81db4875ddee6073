//! A state, read.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::address::shown;
use crate::attributes::InstanceAttributes;
use crate::document::Document;
use crate::error::ReadError;
use crate::found::{Found, Skipped};
use crate::instance::{Attributes, Instance};
use crate::{mapping, raw, shown as output, table};

/// What a state holds of credentials, in the order of the file. Other resources and data sources are not in it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct State {
    /// The version of Terraform or OpenTofu that wrote the file.
    pub terraform_version: Option<String>,
    /// What can be taken over.
    pub found: Vec<Found>,
    /// What cannot, and why.
    pub skipped: Vec<Skipped>,
}

impl State {
    /// Reads what `terraform show -json` prints, or a state file of version 4; OpenTofu's are the same. A byte order mark of
    /// UTF-8 is skipped.
    ///
    /// # Errors
    ///
    /// When the bytes are anything else, or more than [`LARGEST`](crate::LARGEST).
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let (version, instances) = match Document::recognise(bytes)? {
            Document::Shown(text) => output::read(text)?,
            Document::Raw(text) => raw::read(text)?,
        };
        let mut state = Self { terraform_version: version.map(|version| shown(&version)), ..Self::default() };
        state.take(instances);
        Ok(state)
    }

    fn take(&mut self, instances: Vec<Instance<'_>>) {
        let related = related(&instances);
        let related = |resource_type: &str, id: &str, attribute: &str| {
            related.get(&(resource_type.to_owned(), id.to_owned()))?.at(attribute).ok().flatten().cloned()
        };
        let mut addresses = HashSet::new();
        let mut ids = HashMap::new();
        for instance in instances {
            let Some(resource_type) = table::find(&instance.resource_type) else { continue };
            if instance.mode == "data" {
                continue;
            }
            match mapping::credential(instance, resource_type, &related) {
                Err(skipped) => self.skipped.push(skipped),
                Ok(found) => {
                    let named = addresses.insert(found.address.clone());
                    let first = ids.get(&(found.vendor, found.id.clone()));
                    if !named {
                        self.skip(&found, "stands in the file twice: write the file again, unchanged".to_owned());
                    } else if let Some(first) = first {
                        self.skip(
                            &found,
                            format!("is the same credential as {first}: leave one of the two in Terraform"),
                        );
                    } else {
                        ids.insert((found.vendor, found.id.clone()), found.address.to_string());
                        self.found.push(found);
                    }
                }
            }
        }
    }

    fn skip(&mut self, found: &Found, reason: String) {
        let (address, resource) = (found.address.to_string(), Some(found.address.resource()));
        self.skipped.push(Skipped { address, resource, reason, deposed: false });
    }
}

/// The resources that say something of an account, by type and id.
fn related(instances: &[Instance<'_>]) -> HashMap<(String, String), InstanceAttributes> {
    let wanted = instances
        .iter()
        .filter(|it| it.mode == "managed" && it.deposed.is_none() && table::is_related(&it.resource_type));
    let read = |instance: &Instance<'_>| {
        let Attributes::Object(raw) = instance.attributes else { return None };
        let attributes = InstanceAttributes::read(raw)?;
        let id = attributes.at("id").ok().flatten().and_then(Value::as_str)?.to_owned();
        Some(((instance.resource_type.clone(), id), attributes))
    };
    wanted.filter_map(read).collect()
}

//! What a credential is worked on with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use keywright_lifecycle::{Facts, MARKER_LEAST};
use keywright_runtime::{Account, Descriptor, Filter};
use keywright_sinks::{PartSpec, Sink, Subject};
use keywright_store::{Known, Store, StoreError};
use serde_json::{Map, Value};

use crate::drive::blocking;
use crate::report::DriveError;

/// What a credential is worked on with: its account at the vendor, and the sinks that its secret goes to.
#[derive(Clone)]
pub struct Target {
    /// The account.
    pub account: Account,
    /// Sinks by their names.
    pub sinks: BTreeMap<String, Arc<dyn Sink>>,
    /// The names of the accounts of this vendor, its own included: two of them may be one at the vendor.
    pub accounts: BTreeSet<String>,
    /// Ids at the vendor that nothing may end: what the account itself works with.
    pub own_ids: BTreeSet<String>,
    /// How long the vendor may still show the old state, in seconds, where it is known better than the adapter does: of a
    /// private installation, or a simulator.
    pub consistency_delay: Option<u32>,
}

impl Target {
    /// The adapter's description of its vendor.
    pub fn descriptor(&self) -> &Descriptor {
        self.account.adapter().descriptor()
    }

    /// What the engine needs to know of the vendor.
    pub fn facts(&self) -> Facts {
        let descriptor = self.descriptor();
        let facts = Facts::of(&descriptor.traits, |operation| descriptor.supports(operation));
        Facts {
            // A field too short for a marker is as good as none.
            marker: facts.marker.filter(|most| usize::try_from(*most).is_ok_and(|most| most >= MARKER_LEAST)),
            consistency_delay: self.consistency_delay.unwrap_or(facts.consistency_delay),
            ..facts
        }
    }

    /// The filters of the lists that show the credentials with these attributes: all in one, or, where the vendor demands an
    /// attribute, one for each value of it.
    pub fn list_filters<'a>(&self, credentials: impl IntoIterator<Item = &'a Map<String, Value>>) -> Vec<Filter> {
        let mut filters: Vec<Map<String, Value>> = Vec::new();
        for attributes in credentials {
            let demanded = self.demanded(attributes);
            if !filters.contains(&demanded) {
                filters.push(demanded);
            }
        }
        if filters.is_empty() {
            filters.push(Map::new());
        }
        filters.into_iter().map(|attributes| Filter { marker: None, attributes }).collect()
    }

    /// The attributes by which the vendor demands that a list is filtered.
    pub(crate) fn demanded(&self, attributes: &Map<String, Value>) -> Map<String, Value> {
        let properties = self.descriptor().attributes["properties"].as_object();
        let demanded = |name: &String| {
            let schema = properties.and_then(|properties| properties.get(name));
            schema.is_some_and(|schema| schema["x-keywright-filter"] == "required")
        };
        let attributes = attributes.iter().filter(|(name, _)| demanded(name));
        attributes.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// What the store knows of objects at the vendor, whichever of its accounts they were made through.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn known(&self, store: &dyn Store) -> Result<Vec<Known>, StoreError> {
        let mut known = Vec::new();
        for account in &self.accounts {
            known.extend(store.known(account).await?);
        }
        Ok(known)
    }

    /// Whether a sink could take a credential, before a secret is made for it.
    ///
    /// # Errors
    ///
    /// When it is not configured, or could not.
    pub async fn check_sink(&self, credential: &str, name: &str) -> Result<(), DriveError> {
        let refused =
            |message: String| DriveError::Sink { credential: credential.to_owned(), sink: name.to_owned(), message };
        let sink = self.sinks.get(name).cloned().ok_or_else(|| refused("it is not configured".to_owned()))?;
        let subject = Subject::new(credential).map_err(|error| refused(error.to_string()))?;
        let part = |part: &keywright_descriptor::Part| PartSpec {
            name: part.name.clone(),
            variable: part.environment.first().cloned(),
        };
        let parts: Vec<PartSpec> = self.descriptor().issued.iter().map(part).collect();
        match blocking(move || sink.check(&subject, &parts)).await {
            Some(checked) => checked.map_err(|error| refused(error.to_string())),
            None => Err(refused("its check broke down: report it as a bug".to_owned())),
        }
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (vendor, sinks) = (&self.descriptor().vendor, &self.sinks);
        formatter.debug_struct("Target").field("vendor", vendor).field("sinks", sinks).finish_non_exhaustive()
    }
}

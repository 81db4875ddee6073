//! What a credential is worked on with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use keywright_lifecycle::Facts;
use keywright_runtime::{Account, Descriptor};
use keywright_sinks::Sink;
use serde_json::{Map, Value};

/// What a credential is worked on with: its account at the vendor, and the sinks that its secret goes to.
#[derive(Clone)]
pub struct Target {
    /// The account.
    pub account: Account,
    /// Sinks by their names.
    pub sinks: BTreeMap<String, Arc<dyn Sink>>,
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
        Facts { consistency_delay: self.consistency_delay.unwrap_or(facts.consistency_delay), ..facts }
    }

    /// The attributes by which the vendor demands that a list is filtered.
    pub fn demanded_filters(&self, attributes: &Map<String, Value>) -> Map<String, Value> {
        let properties = self.descriptor().attributes["properties"].as_object();
        let demanded = |name: &String| {
            let schema = properties.and_then(|properties| properties.get(name));
            schema.is_some_and(|schema| schema["x-keywright-filter"] == "required")
        };
        let attributes = attributes.iter().filter(|(name, _)| demanded(name));
        attributes.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (vendor, sinks) = (&self.descriptor().vendor, &self.sinks);
        formatter.debug_struct("Target").field("vendor", vendor).field("sinks", sinks).finish_non_exhaustive()
    }
}

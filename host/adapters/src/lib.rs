//! The adapters that Keywright ships, compiled, each with the grant it runs under.
//!
//! This list and the simulators are the only places of the host that know a vendor by name.

use keywright_runtime::{Adapter, Engine, Grant, LoadError};

/// An adapter that is part of the program.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// The vendor's short name.
    pub vendor: &'static str,
    /// The component.
    pub component: &'static [u8],
    /// What it may send: one rule a line.
    pub rules: &'static str,
}

static ALL: [BuiltIn; 8] = [
    BuiltIn {
        vendor: "aws-iam",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_aws_iam.wasm")),
        rules: include_str!("../rules/aws-iam.rules"),
    },
    BuiltIn {
        vendor: "commercetools",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_commercetools.wasm")),
        rules: include_str!("../rules/commercetools.rules"),
    },
    BuiltIn {
        vendor: "datadog",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_datadog.wasm")),
        rules: include_str!("../rules/datadog.rules"),
    },
    BuiltIn {
        vendor: "digitalocean-spaces",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_digitalocean_spaces.wasm")),
        rules: include_str!("../rules/digitalocean-spaces.rules"),
    },
    BuiltIn {
        vendor: "gcore",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_gcore.wasm")),
        rules: include_str!("../rules/gcore.rules"),
    },
    BuiltIn {
        vendor: "imperva",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_imperva.wasm")),
        rules: include_str!("../rules/imperva.rules"),
    },
    BuiltIn {
        vendor: "outscale",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_outscale.wasm")),
        rules: include_str!("../rules/outscale.rules"),
    },
    BuiltIn {
        vendor: "scaleway",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_scaleway.wasm")),
        rules: include_str!("../rules/scaleway.rules"),
    },
];

/// All of them, by name.
pub fn all() -> &'static [BuiltIn] {
    &ALL
}

/// The one for this vendor.
pub fn find(vendor: &str) -> Option<&'static BuiltIn> {
    ALL.iter().find(|adapter| adapter.vendor == vendor)
}

impl BuiltIn {
    /// Loads it with its grant.
    ///
    /// # Errors
    ///
    /// When the machine cannot compile or run it, or the component asks for more than its grant.
    pub async fn load(&self, engine: &Engine) -> Result<Adapter, LoadError> {
        let rules = self.rules.parse()?;
        Adapter::load_unpinned(engine, self.component, &Grant::rules(rules)).await
    }
}

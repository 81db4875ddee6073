//! The adapters that Keywright ships, compiled, each with the grant it runs under.
//!
//! This list, the simulators and the table of Terraform resource types are the only places of the host that know a vendor by
//! name.

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
    /// The environment variables in which users of the vendor keep the URLs of its API, the best known first.
    pub endpoint_variables: &'static [EndpointVariable],
}

/// A variable that holds the URL of an endpoint, for the vendor's own tools.
#[derive(Clone, Copy, Debug)]
pub struct EndpointVariable {
    /// The variable.
    pub variable: &'static str,
    /// The endpoint, by its name in the descriptor.
    pub endpoint: &'static str,
    /// What the URL has after the endpoint's own: empty, or the start of the vendor's paths.
    pub path: &'static str,
}

const fn variable(variable: &'static str, endpoint: &'static str) -> EndpointVariable {
    EndpointVariable { variable, endpoint, path: "" }
}

static ALL: [BuiltIn; 8] = [
    BuiltIn {
        vendor: "aws-iam",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_aws_iam.wasm")),
        rules: include_str!("../rules/aws-iam.rules"),
        // AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
        endpoint_variables: &[
            variable("AWS_ENDPOINT_URL_IAM", "iam"),
            variable("AWS_ENDPOINT_URL_STS", "sts"),
            variable("AWS_ENDPOINT_URL", "iam"),
            variable("AWS_ENDPOINT_URL", "sts"),
        ],
    },
    BuiltIn {
        vendor: "commercetools",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_commercetools.wasm")),
        rules: include_str!("../rules/commercetools.rules"),
        // The Terraform provider, and the `.env` file that the Merchant Center offers with a new API client.
        endpoint_variables: &[variable("CTP_API_URL", "api"), variable("CTP_AUTH_URL", "auth")],
    },
    BuiltIn {
        vendor: "datadog",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_datadog.wasm")),
        rules: include_str!("../rules/datadog.rules"),
        // The Terraform provider.
        endpoint_variables: &[variable("DD_HOST", "api")],
    },
    BuiltIn {
        vendor: "digitalocean-spaces",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_digitalocean_spaces.wasm")),
        rules: include_str!("../rules/digitalocean-spaces.rules"),
        // The Terraform provider.
        endpoint_variables: &[variable("DIGITALOCEAN_API_URL", "api"), variable("SPACES_ENDPOINT_URL", "spaces")],
    },
    BuiltIn {
        vendor: "gcore",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_gcore.wasm")),
        rules: include_str!("../rules/gcore.rules"),
        // The Terraform provider, and the SDKs.
        endpoint_variables: &[variable("GCORE_API_ENDPOINT", "api"), variable("GCORE_BASE_URL", "api")],
    },
    BuiltIn {
        vendor: "imperva",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_imperva.wasm")),
        rules: include_str!("../rules/imperva.rules"),
        // The Terraform provider.
        endpoint_variables: &[variable("INCAPSULA_BASE_URL_API", "api")],
    },
    BuiltIn {
        vendor: "outscale",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_outscale.wasm")),
        rules: include_str!("../rules/outscale.rules"),
        // The Terraform provider and the SDKs, whose URL has the start of every path.
        endpoint_variables: &[EndpointVariable { variable: "OSC_ENDPOINT_API", endpoint: "api", path: "/api/v1" }],
    },
    BuiltIn {
        vendor: "scaleway",
        component: include_bytes!(concat!(env!("OUT_DIR"), "/keywright_scaleway.wasm")),
        rules: include_str!("../rules/scaleway.rules"),
        // The SDKs and the Terraform provider.
        endpoint_variables: &[variable("SCW_API_URL", "api")],
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

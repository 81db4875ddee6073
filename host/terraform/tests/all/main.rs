//! States as Terraform, OpenTofu and the providers write them; the secrets in them are invented.

#![allow(clippy::unwrap_used, reason = "what fails here fails its test")]

mod configuration;
mod files;
mod instances;
mod properties;
mod providers;
mod removed;
mod table;
mod terraform;

use keywright_terraform::{Found, State};
use serde_json::{Value, json};

/// The state file that the providers of all resource types wrote.
const PROVIDERS: &str = include_str!("../../testdata/providers.tfstate");

/// What `terraform show -json` prints of it.
const PROVIDERS_SHOWN: &str = include_str!("../../testdata/providers.json");

/// Instances with keys in module and resource, one tainted, one deposed.
const ODDITIES: &str = include_str!("../../testdata/oddities.tfstate");

/// What Terraform 1.11.4 with hashicorp/aws 5.100.0 prints of it.
const ODDITIES_SHOWN: &str = include_str!("../../testdata/oddities.json");

fn read(text: &str) -> State {
    State::read(text.as_bytes()).unwrap()
}

fn all(state: &State) -> Vec<&Found> {
    state.found.iter().collect()
}

fn find<'s>(state: &'s State, address: &str) -> &'s Found {
    state.found.iter().find(|found| found.address.to_string() == address).unwrap()
}

/// A state file with these resources.
fn raw(resources: Value) -> String {
    json!({ "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "resources": resources })
        .to_string()
}

/// A resource of the root module with one instance.
fn resource(resource_type: &str, name: &str, attributes: Value) -> Value {
    json!({
        "mode": "managed", "type": resource_type, "name": name, "provider": "provider[\"example.com/a/b\"]",
        "instances": [{ "schema_version": 0, "attributes": attributes }]
    })
}

/// A state with one instance, whose attributes these are.
fn one(resource_type: &str, attributes: Value) -> State {
    read(&raw(json!([resource(resource_type, "main", attributes)])))
}

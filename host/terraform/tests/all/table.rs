//! The table of resource types against the schemas of the adapters. That parts and ids are the adapters', too, is a test of the
//! whole system.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use keywright_terraform::{ResourceType, resource_types};
use serde_json::{Map, Value};

use crate::{PROVIDERS, read};

fn schema(resource_type: &ResourceType, name: &str) -> Value {
    let components = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../components");
    let file = components.join(resource_type.vendor).join("schema").join(name);
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

fn properties(schema: &Value) -> &Map<String, Value> {
    schema["properties"].as_object().unwrap()
}

fn required(schema: &Value) -> BTreeSet<&str> {
    schema["required"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap()).collect()
}

#[test]
fn attributes_are_those_of_the_adapter_that_can_be_set() {
    for resource_type in resource_types() {
        let schema = schema(resource_type, "attributes.json");
        let names: BTreeSet<&str> = resource_type.attribute_names().collect();
        for name in &names {
            let property =
                properties(&schema).get(*name).unwrap_or_else(|| panic!("{} has no {name}", resource_type.vendor));
            assert_ne!(property["readOnly"], true, "{} {name}", resource_type.vendor);
        }
        assert!(required(&schema).is_subset(&names), "{}", resource_type.name);
    }
}

#[test]
fn settings_are_those_of_the_adapter() {
    for resource_type in resource_types() {
        let schema = schema(resource_type, "settings.json");
        for name in resource_type.setting_names() {
            assert!(properties(&schema).contains_key(name), "{} {name}", resource_type.vendor);
        }
        let listed: BTreeSet<&str> = resource_type.required_settings.iter().copied().collect();
        assert_eq!(listed, required(&schema), "{}", resource_type.vendor);
    }
}

#[test]
fn the_states_of_the_tests_have_every_type_and_every_attribute() {
    let state = read(PROVIDERS);
    for resource_type in resource_types() {
        let found = || state.found.iter().filter(|found| found.resource_type.name == resource_type.name);
        let given: BTreeSet<&str> = found().flat_map(|found| found.attributes.keys().map(String::as_str)).collect();
        assert_eq!(given, resource_type.attribute_names().collect(), "{}", resource_type.name);
    }
}

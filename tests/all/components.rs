//! Facts about the components that are part of the program.

use keywright_runtime::{Adapter, Grant, RuleSet};
use keywright_tests::{engine, guests};
use serde_json::Value;
use wasmparser::{Encoding, Parser, Payload};

/// What a component imports, by name.
fn imports(component: &[u8]) -> Vec<String> {
    let mut imports = Vec::new();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload.expect("a component") {
            Payload::Version { encoding: Encoding::Component | Encoding::Module, .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                imports.extend(section.into_iter().map(|import| import.expect("an import").name.name.to_owned()));
            }
            _ => {}
        }
    }
    imports
}

#[test]
fn components_are_small() {
    for adapter in keywright_adapters::all() {
        assert!(adapter.component.len() < 250_000, "{}: {} bytes", adapter.vendor, adapter.component.len());
    }
}

/// One version of WASI throughout: linkers that match versions exactly then link all of a component or nothing.
#[test]
fn components_import_one_version_of_standard_wasi_without_files_and_sockets() {
    let guests = [guests::AMBIENT, guests::BASIC, guests::OAUTH2, guests::OSC4, guests::PROBE];
    let built_in = keywright_adapters::all().iter().map(|adapter| adapter.component);
    for (index, component) in built_in.clone().chain(guests).enumerate() {
        let imports = imports(component);
        let is_built_in = index < built_in.len();
        assert!(!is_built_in || imports.contains(&"wasi:http/outgoing-handler@0.2.6".to_owned()), "{imports:?}");
        for import in imports {
            // The contract's own types have no functions: any runtime provides them by having nothing to provide.
            let standard = import.starts_with("wasi:") && import.ends_with("@0.2.6");
            let types = ["lifecycle-types", "descriptors", "failures"]
                .iter()
                .any(|interface| import == format!("keywright:vendor/{interface}@0.2.0"));
            assert!(standard || types, "{index}: {import}");
            let reaches = import.starts_with("wasi:filesystem") || import.starts_with("wasi:sockets");
            assert!(!(is_built_in && reaches), "{index}: {import}");
        }
    }
}

#[test]
fn components_tell_nothing_of_the_machine_that_built_them() {
    for adapter in keywright_adapters::all() {
        let text = String::from_utf8_lossy(adapter.component);
        for path in [env!("CARGO_MANIFEST_DIR"), "/home/", "/root/", "/Users/"] {
            assert!(!text.contains(path), "{}: {path}", adapter.vendor);
        }
    }
}

#[tokio::test]
async fn the_grant_of_each_is_exactly_what_it_asks_for() {
    for built_in in keywright_adapters::all() {
        let adapter = Adapter::load_unpinned(engine(), built_in.component, &Grant::as_requested()).await.unwrap();
        let granted: RuleSet = built_in.rules.parse().unwrap();
        let requested = &adapter.descriptor().rules;
        let lines = |rules: Vec<_>| rules.iter().map(ToString::to_string).collect::<Vec<String>>();
        assert_eq!(lines(granted.missing(requested)), [""; 0], "{}: not granted", built_in.vendor);
        assert_eq!(lines(requested.missing(&granted)), [""; 0], "{}: granted for nothing", built_in.vendor);
    }
}

#[tokio::test]
async fn the_schemas_of_each_are_json_schemas() {
    for built_in in keywright_adapters::all() {
        let adapter = Adapter::load_unpinned(engine(), built_in.component, &Grant::as_requested()).await.unwrap();
        for schema in [&adapter.descriptor().settings, &adapter.descriptor().attributes] {
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{}", built_in.vendor);
            if let Err(error) = jsonschema::draft202012::meta::validate(schema) {
                panic!("{}: {error}", built_in.vendor);
            }
            for (name, property) in schema["properties"].as_object().unwrap() {
                let text = property["description"].as_str().unwrap_or_default();
                assert!(text.ends_with('.'), "{}: {name} is not described", built_in.vendor);
            }
        }
    }
}

#[tokio::test]
async fn the_descriptor_of_each_is_complete_and_always_the_same() {
    for built_in in keywright_adapters::all() {
        let describe = async || {
            let adapter = Adapter::load_unpinned(engine(), built_in.component, &Grant::as_requested()).await.unwrap();
            serde_json::to_value(adapter.descriptor()).unwrap()
        };
        let descriptor: Value = describe().await;
        assert_eq!(descriptor, describe().await);
        assert_eq!(descriptor["vendor"], built_in.vendor);
        for needed in ["check", "create", "get", "list", "revoke", "verify"] {
            assert!(descriptor["operations"].as_array().unwrap().contains(&needed.into()), "{needed}");
        }
        let rules = descriptor["rules"].as_array().unwrap();
        assert!(rules.iter().any(|rule| rule.as_str().unwrap().contains(" mints ")), "{}", built_in.vendor);
        assert!(descriptor["id_pattern"].as_str().unwrap().starts_with('^'));
    }
}

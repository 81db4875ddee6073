//! The grants of the built-in adapters: each is what its adapter asks for, no more and no less.

#![allow(clippy::unwrap_used, reason = "what fails here fails its test")]

use keywright_runtime::{Adapter, Allocation, Engine, EngineConfig, Grant, Rule, RuleSet};

fn engine() -> Engine {
    Engine::new(EngineConfig { allocation: Allocation::OnDemand, ..EngineConfig::default() }).unwrap()
}

fn lines(rules: &[Rule]) -> String {
    rules.iter().map(|rule| format!("\n  {rule}")).collect()
}

#[tokio::test]
async fn each_grant_is_what_its_adapter_asks_for() {
    let engine = engine();
    let mut differences = String::new();
    for built_in in keywright_adapters::all() {
        let vendor = built_in.vendor;
        let granted: RuleSet = built_in.rules.parse().unwrap();
        let adapter = Adapter::load_unpinned(&engine, built_in.component, &Grant::as_requested()).await.unwrap();
        let requested = &adapter.descriptor().rules;
        assert_eq!(adapter.descriptor().vendor, vendor);
        let (more, less) = (granted.missing(requested), requested.missing(&granted));
        if !more.is_empty() {
            differences.push_str(&format!("\n{vendor} asks for what is not granted:{}", lines(&more)));
        }
        if !less.is_empty() {
            differences.push_str(&format!("\n{vendor} is granted what it does not ask for:{}", lines(&less)));
        }
    }
    assert_eq!(differences, "");
}

#[tokio::test]
async fn each_adapter_loads_with_its_grant_and_sees_no_secret() {
    let engine = engine();
    for built_in in keywright_adapters::all() {
        let adapter = built_in.load(&engine).await.unwrap();
        assert!(!adapter.exposes_secrets() && !adapter.exposes_administrator() && !adapter.needs_inert_wasi());
    }
}

/// A key that no rule names is one that nobody looked at.
#[test]
fn each_rule_names_the_query_keys_that_may_be_sent() {
    for built_in in keywright_adapters::all() {
        let granted: RuleSet = built_in.rules.parse().unwrap();
        let open: Vec<&Rule> = granted.rules.iter().filter(|rule| rule.query_keys.is_none()).collect();
        assert!(open.is_empty(), "{}: {open:?}", built_in.vendor);
    }
}

#[test]
fn the_adapters_are_sorted_and_each_is_found_by_its_vendor() {
    let names: Vec<&str> = keywright_adapters::all().iter().map(|built_in| built_in.vendor).collect();
    assert!(names.is_sorted());
    for name in names {
        assert_eq!(keywright_adapters::find(name).unwrap().vendor, name);
    }
    assert!(keywright_adapters::find("initech").is_none());
}

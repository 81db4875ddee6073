//! `keywright adapter`

#![allow(clippy::unwrap_used, reason = "what fails here fails its test")]

mod common;

use common::{fail, keywright, succeed, succeed_json};
use keywright_runtime::{Digest, Operation, RuleSet};
use serde_json::Value;

fn component() -> &'static [u8] {
    keywright_adapters::find("scaleway").unwrap().component
}

#[test]
fn the_adapters_are_listed() {
    let text = succeed(&mut keywright(&["adapter", "list"]));
    assert_eq!(text.lines().count(), keywright_adapters::all().len() + 1, "{text}");
    assert!(text.starts_with("VENDOR") && text.contains("check,create,get,list,"), "{text}");

    let list = succeed_json(&mut keywright(&["adapter", "list"]));
    assert_eq!(list.as_array().map(Vec::len), Some(keywright_adapters::all().len()));
    for (index, built_in) in keywright_adapters::all().iter().enumerate() {
        assert_eq!(list[index]["vendor"], built_in.vendor);
        assert_eq!(list[index]["size"], built_in.component.len());
        assert_eq!(list[index]["digest"], Digest::of(built_in.component).to_string());
    }
}

#[test]
fn everything_of_a_descriptor_is_shown() {
    let text = succeed(&mut keywright(&["adapter", "inspect", "scaleway"]));
    for shown in [
        &Digest::of(component()).to_string(),
        "not supported  set-enabled and regenerate",
        "organization_id  string (uuid)  required, $SCW_DEFAULT_ORGANIZATION_ID",
        "ADMINISTRATOR'S CREDENTIAL",
        "public, optional, identifies, matching ^SCW[A-Z0-9]{17}$",
        "ISSUED CREDENTIAL",
        "public, required, identifies",
        "secret, required",
        "headers x-auth-token: {parts.secret_key}",
        "see secret_key of the administrator's credential",
        "see secret_key of the credentials that it makes",
        "in the whole account",
        "$SCW_SECRET_KEY",
        "replace, filter",
        "computed",
        "^SCW[A-Z0-9]{17}$",
        "kept in the attribute description",
        "https://api.scaleway.com",
    ] {
        assert!(text.contains(shown), "{shown} is not in {text}");
    }
}

#[test]
fn the_rules_can_be_pasted_into_a_grant() {
    let text = succeed(&mut keywright(&["adapter", "inspect", "scaleway"]));
    let (_, pasted) = text.split_once("RULES").unwrap();
    let (_, pasted) = pasted.split_once('\n').unwrap();
    let pasted: RuleSet = pasted.parse().unwrap();
    let shipped: RuleSet = keywright_adapters::find("scaleway").unwrap().rules.parse().unwrap();
    assert!(shipped.missing(&pasted).is_empty());
    assert!(pasted.missing(&shipped).is_empty());
}

#[test]
fn a_descriptor_is_there_as_json() {
    let descriptor = succeed_json(&mut keywright(&["adapter", "inspect", "scaleway"]));
    assert_eq!(descriptor["vendor"], "scaleway");
    assert_eq!(descriptor["digest"], Digest::of(component()).to_string());
    assert_eq!(descriptor["traits"]["expiry"]["support"], "add-once");
    assert_eq!(descriptor["schemes"][0]["steps"][0]["kind"], "headers");
    assert_eq!(descriptor["administrator"][0]["required"], false);
    assert_eq!(descriptor["issued"][0]["required"], true);
    assert_eq!(descriptor["exposes_administrator"], false);
    assert_eq!(descriptor["settings"]["required"][0], "organization_id");
    let operations: Vec<&str> =
        descriptor["operations"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert!(operations.contains(&Operation::Revoke.name()));
}

#[test]
fn a_file_is_inspected_without_a_grant() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("mine.wasm");
    std::fs::write(&file, component()).unwrap();
    let inspect = |adapter: &str| succeed_json(&mut keywright(&["adapter", "inspect", adapter]));
    let (mut of_file, mut built_in) = (inspect(file.to_str().unwrap()), inspect("scaleway"));
    assert_eq!(of_file["grant"].take(), Value::Null);
    assert_eq!(built_in["grant"].take()["from"], "built in");
    assert_eq!(of_file, built_in);
    let text = succeed(&mut keywright(&["adapter", "inspect", file.to_str().unwrap()]));
    assert!(text.contains("none yet: `keywright adapter add "), "{text}");
}

#[test]
fn a_file_that_is_not_an_adapter_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let refuse = |name: &str, bytes: &[u8], because: &str| {
        let file = directory.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        let said = fail(&mut keywright(&["adapter", "inspect", file.to_str().unwrap()]), name);
        assert!(said.contains(because), "{said}");
    };
    refuse("text.wasm", b"hello", "not a WebAssembly component");
    refuse("empty.wasm", b"", "not a WebAssembly component");
    refuse("core.wasm", b"\0asm\x01\0\0\0", "core WebAssembly module");
    refuse("cut.wasm", &component()[..component().len() / 2], "malformed");
    // A component without imports and exports.
    refuse("other.wasm", b"\0asm\x0d\0\x01\0", "another world");
    fail(&mut keywright(&["adapter", "inspect", "none.wasm"]), "none.wasm");
    fail(&mut keywright(&["adapter", "inspect", directory.path().to_str().unwrap()]), "cannot be read");
    let said = fail(&mut keywright(&["adapter", "inspect", "scalway"]), "`scalway`");
    assert!(said.contains("did you mean `scaleway`?"), "{said}");
}

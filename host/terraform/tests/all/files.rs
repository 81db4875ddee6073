//! Files that are not a state that can be read, and forms of a file that can.

use keywright_terraform::{LARGEST, ReadError, State};
use serde_json::json;

use crate::{ODDITIES_SHOWN, PROVIDERS, read};

fn error(bytes: impl AsRef<[u8]>) -> ReadError {
    State::read(bytes.as_ref()).unwrap_err()
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn what_is_not_json_is_named() {
    assert_eq!(error(""), ReadError::Empty);
    assert_eq!(error(" \n"), ReadError::Empty);
    assert_eq!(error([0x1f, 0x8b, 8, 0]), ReadError::Gzip);
    assert_eq!(error(b"PK\x03\x04rest"), ReadError::Zip);
    assert_eq!(error([b'"', 0xc3, 0x28, b'"']), ReadError::Encoding);
    assert_eq!(error("# scaleway_iam_api_key.main:\n"), ReadError::Json { line: 1, column: 1 });
    assert_eq!(error("{\n  \"version\": x"), ReadError::Json { line: 2, column: 14 });
    assert_eq!(error(&PROVIDERS[..PROVIDERS.len() / 2]), ReadError::CutOff);
    assert_eq!(error(format!("{PROVIDERS}{PROVIDERS}")), ReadError::Json { line: 508, column: 1 });
}

#[test]
fn a_file_of_16_bit_units_is_named_with_and_without_its_mark() {
    for bytes in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        assert_eq!(error(utf16(PROVIDERS, bytes)), ReadError::Utf16);
        assert_eq!(error(utf16(&format!("\u{feff}{PROVIDERS}"), bytes)), ReadError::Utf16);
    }
}

#[test]
fn a_byte_order_mark_of_utf_8_is_skipped() {
    assert_eq!(read(&format!("\u{feff}{PROVIDERS}")).found.len(), 13);
    assert_eq!(error("\u{feff}"), ReadError::Empty);
}

#[test]
fn a_file_that_is_too_large_is_refused_before_it_is_read() {
    let spaces = vec![b' '; LARGEST - PROVIDERS.len()];
    let mut largest = PROVIDERS.as_bytes().to_vec();
    largest.extend(spaces);
    assert_eq!(State::read(&largest).unwrap().found.len(), 13);
    largest.push(b' ');
    assert_eq!(error(largest), ReadError::TooLarge);
}

#[test]
fn an_encrypted_state_of_opentofu_is_named() {
    let encrypted = json!({
        "serial": 3, "lineage": "x", "meta": { "key_provider.pbkdf2.mykey": "eyJzYWx0IjoieCJ9" }, "encrypted_data": "aHVzaA==",
        "encryption_version": "v0"
    });
    assert_eq!(error(encrypted.to_string()), ReadError::Encrypted);
}

#[test]
fn a_plan_is_named_whatever_it_holds() {
    for plan in [
        json!({ "format_version": "1.2", "terraform_version": "1.11.4", "planned_values": { "root_module": {} } }),
        json!({ "format_version": "1.2", "resource_changes": [], "prior_state": { "format_version": "1.0", "values": {} } }),
    ] {
        assert_eq!(error(plan.to_string()), ReadError::Plan);
    }
}

#[test]
fn other_versions_are_named() {
    for (version, refused) in [(1, ReadError::Older(1)), (3, ReadError::Older(3)), (5, ReadError::Newer(5))] {
        assert_eq!(error(json!({ "version": version, "modules": [] }).to_string()), refused);
    }
    for (format, shown) in [("0.1", "0.1"), ("2.0", "2.0"), ("10.\u{1b}[31m3", "10.313")] {
        let output = json!({ "format_version": format, "values": {} });
        assert_eq!(error(output.to_string()), ReadError::FormatVersion(shown.to_owned()));
    }
}

#[test]
fn json_of_another_kind_is_named() {
    for other in [
        json!([]),
        json!("text"),
        json!(4),
        json!({}),
        json!({ "name": "x", "version": "1.0.0" }),
        json!({ "version": 4, "format_version": "1.0" }),
        json!({ "format_version": "1.0", "provider_schemas": {} }),
        json!({ "format_version": "1.0", "valid": true, "error_count": 0, "diagnostics": [] }),
        json!({ "format_version": "x", "values": {} }),
        json!({ "format_version": 1, "values": {} }),
    ] {
        assert_eq!(error(other.to_string()), ReadError::NotAState, "{other}");
    }
}

#[test]
fn a_state_with_a_value_of_another_type_is_located_without_its_value() {
    for (state, layout) in [
        ("{\"version\": 4,\n \"resources\": [\"hush\"]}", ReadError::Layout { line: 2, column: 21 }),
        ("{\"version\": 4,\n \"resources\": [{\"mode\": 1}]}", ReadError::Layout { line: 2, column: 25 }),
        ("{\"format_version\": \"1.0\",\n \"values\": \"hush\"}", ReadError::Layout { line: 2, column: 17 }),
    ] {
        let error = error(state);
        assert!(!error.to_string().contains("hush"));
        assert_eq!(error, layout);
    }
}

#[test]
fn a_state_without_resources_holds_nothing() {
    for empty in [
        json!({ "format_version": "1.0" }),
        json!({ "format_version": "1.0", "terraform_version": "1.11.4", "checks": [] }),
        json!({ "format_version": "1.0", "values": { "root_module": {} } }),
        json!({ "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "outputs": {}, "resources": [] }),
        json!({ "version": 4, "resources": null }),
    ] {
        let state = read(&empty.to_string());
        assert!(state.found.is_empty() && state.skipped.is_empty(), "{empty}");
    }
}

#[test]
fn modules_nested_deeper_than_any_are_refused() {
    let mut module = json!({ "address": "module.a" });
    for _ in 0..100 {
        module = json!({ "address": "module.a", "child_modules": [module] });
    }
    let output = json!({ "format_version": "1.0", "values": { "root_module": module } });
    assert!(matches!(error(output.to_string()), ReadError::Json { .. }));
    // What is not of interest may be as deep as it likes.
    let deep = format!("{{\"version\": 4, \"outputs\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read(&deep).found.is_empty());
}

#[test]
fn each_error_says_what_to_do() {
    for error in [
        ReadError::Empty,
        ReadError::TooLarge,
        ReadError::Gzip,
        ReadError::Zip,
        ReadError::Utf16,
        ReadError::Encoding,
        ReadError::Json { line: 1, column: 2 },
        ReadError::CutOff,
        ReadError::Layout { line: 1, column: 2 },
        ReadError::NotAState,
        ReadError::Plan,
        ReadError::Encrypted,
        ReadError::Older(3),
        ReadError::Newer(5),
        ReadError::FormatVersion("2.0".to_owned()),
    ] {
        let sentence = error.to_string();
        assert!(sentence.contains(": ") && !sentence.contains("  ") && !sentence.ends_with('.'), "{sentence}");
    }
}

#[test]
fn what_opentofu_shows_is_read_as_well() {
    let shown = ODDITIES_SHOWN.replace("registry.terraform.io", "registry.opentofu.org");
    let state = read(&shown);
    assert_eq!((state.found.len(), state.found[0].provider.as_str()), (2, "registry.opentofu.org/hashicorp/aws"));
}

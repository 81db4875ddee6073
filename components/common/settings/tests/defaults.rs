//! What a schema's defaults do to an account's settings.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use keywright_settings::fill_defaults;
use serde_json::{Value, json};

fn filled(schema: Value, instance: Value) -> Value {
    let mut instance = instance.as_object().unwrap().clone();
    fill_defaults(&schema, &mut instance);
    Value::Object(instance)
}

#[test]
fn an_absent_setting_takes_its_default() {
    let schema = json!({ "properties": { "region": { "default": "eu-west-2" }, "project": {} } });
    assert_eq!(filled(schema, json!({})), json!({ "region": "eu-west-2" }));
}

#[test]
fn a_given_setting_keeps_its_value_even_null() {
    let schema = json!({ "properties": { "a": { "default": 1 }, "b": { "default": 2 } } });
    assert_eq!(filled(schema, json!({ "a": 7, "b": null })), json!({ "a": 7, "b": null }));
}

#[test]
fn a_default_may_be_of_any_type() {
    let schema = json!({ "properties": { "tags": { "default": ["x"] }, "on": { "default": false } } });
    assert_eq!(filled(schema, json!({})), json!({ "tags": ["x"], "on": false }));
}

#[test]
fn defaults_inside_an_object_are_not_its_own() {
    let schema = json!({ "properties": { "tls": { "properties": { "min": { "default": "1.2" } } } } });
    assert_eq!(filled(schema, json!({ "tls": {} })), json!({ "tls": {} }));
}

#[test]
fn a_schema_without_properties_changes_nothing() {
    for schema in [json!(true), json!({}), json!({ "properties": [] }), json!({ "properties": { "a": true } })] {
        assert_eq!(filled(schema, json!({ "z": 1 })), json!({ "z": 1 }));
    }
}

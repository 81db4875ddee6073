//! JSON whose strings are templates.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use keywright_settings::{ExpandError, JsonTemplate, Reference};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn expand(value: &Value) -> Result<Value, ExpandError> {
    let settings = Map::from_iter([("a".to_owned(), json!("1\"\\\u{1}\n"))]);
    let text = JsonTemplate::parse(value, &[])
        .unwrap()
        .expand(&|template| template.expand(&settings, &|name| (name == "secret").then_some("s3cr3t")))?;
    Ok(serde_json::from_str(&text).unwrap())
}

#[test]
fn strings_are_expanded_at_any_depth_and_nothing_else_is() {
    let value =
        json!({ "{settings.a}": ["{settings.a}", { "x": "<{parts.secret}>" }], "n": 1.5, "t": true, "z": null });
    let expected = json!({ "{settings.a}": ["1\"\\\u{1}\n", { "x": "<s3cr3t>" }], "n": 1.5, "t": true, "z": null });
    assert_eq!(expand(&value).unwrap(), expected);
    for empty in [json!({}), json!([]), json!(""), json!(7)] {
        assert_eq!(expand(&empty).unwrap(), empty);
    }
}

#[test]
fn the_first_error_is_given() {
    assert_eq!(
        expand(&json!([{ "a": "{settings.missing}" }])).unwrap_err(),
        ExpandError::MissingSetting { name: "missing".to_owned() }
    );
}

#[test]
fn a_string_that_is_not_a_template_is_named_by_its_place() {
    let error = JsonTemplate::parse(&json!({ "a/b": [0, { "~": "{x}" }] }), &[]).unwrap_err();
    assert_eq!(error.pointer, "/a~1b/1/~0");
    assert!(error.to_string().starts_with("at `/a~1b/1/~0`: `{x}` is not a placeholder"), "{error}");
    assert!(JsonTemplate::parse(&json!("{x}"), &["x"]).is_ok());
}

#[test]
fn its_references_are_listed() {
    let template = JsonTemplate::parse(&json!({ "a": ["{settings.x}"], "b": "{parts.y}" }), &[]).unwrap();
    assert_eq!(template.references().collect::<Vec<_>>(), [Reference::Setting("x"), Reference::Part("y")]);
    assert_eq!(template.member_names().collect::<Vec<_>>(), ["a", "b"]);
    assert!(template.is_object());
    let array = JsonTemplate::parse(&json!(["a"]), &[]).unwrap();
    assert!(!array.is_object() && array.member_names().next().is_none());
}

proptest! {
    #[test]
    fn any_text_comes_back(text in ".*", name in ".*") {
        let template = JsonTemplate::parse(&json!({ name.clone(): "{settings.a}" }), &[]).unwrap();
        let written = template.expand(&|_| Ok::<_, ExpandError>(&text)).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), json!({ name: text }));
    }
}

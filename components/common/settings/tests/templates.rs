//! What a template accepts, what it becomes, and what it says when it cannot.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use keywright_settings::{ExpandError, Reference, Template};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn settings(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn expand(text: &str, with: Value) -> Result<String, ExpandError> {
    let token = |name: &str| (name == "token").then_some("s3cr3t");
    Template::parse(text).unwrap().expand(&settings(with), &token)
}

#[test]
fn a_setting_takes_its_place() {
    let url = expand("https://api.{settings.region}.commercetools.com", json!({ "region": "us-east-2.aws" }));
    assert_eq!(url.unwrap(), "https://api.us-east-2.aws.commercetools.com");
}

#[test]
fn a_part_takes_its_place() {
    assert_eq!(expand("APIKey {parts.token}", json!({})).unwrap(), "APIKey s3cr3t");
}

#[test]
fn integers_and_booleans_become_text() {
    let text = expand("{settings.account}/{settings.test}", json!({ "account": -42, "test": true }));
    assert_eq!(text.unwrap(), "-42/true");
}

#[test]
fn doubled_braces_are_literal() {
    let text = expand("{{settings.region}} }}{{ {{{settings.region}}}", json!({ "region": "x" }));
    assert_eq!(text.unwrap(), "{settings.region} }{ {x}");
}

#[test]
fn an_optional_setting_may_be_absent_or_null() {
    assert_eq!(expand("a{settings.x?}b", json!({})).unwrap(), "ab");
    assert_eq!(expand("a{settings.x?}b", json!({ "x": null })).unwrap(), "ab");
    assert_eq!(expand("a{settings.x?}b", json!({ "x": 1 })).unwrap(), "a1b");
}

#[test]
fn a_missing_setting_is_named() {
    for with in [json!({}), json!({ "region": null })] {
        assert_eq!(
            expand("{settings.region}", with).unwrap_err().to_string(),
            "the setting `region` is missing: give it a value in the account's settings"
        );
    }
}

#[test]
fn a_setting_of_another_type_is_named_even_when_it_is_optional() {
    for (value, found) in
        [(json!(["a"]), "an array"), (json!({}), "an object"), (json!(1.5), "a number with a fraction")]
    {
        assert_eq!(
            expand("{settings.region?}", json!({ "region": value })).unwrap_err().to_string(),
            format!("the setting `region` is {found}: give it a string, an integer or a boolean")
        );
    }
}

#[test]
fn a_missing_part_is_named() {
    assert_eq!(
        expand("{parts.secret_key}", json!({})).unwrap_err().to_string(),
        "the credential has no part `secret_key`: add it to the credential"
    );
}

#[test]
fn values_are_not_expanded_again() {
    let text = expand("{settings.a}", json!({ "a": "{parts.token}" }));
    assert_eq!(text.unwrap(), "{parts.token}");
}

#[test]
fn references_come_in_order() {
    let template = Template::parse("{settings.a}-{parts.b}-{settings.c?}").unwrap();
    assert_eq!(
        template.references().collect::<Vec<_>>(),
        [Reference::Setting("a"), Reference::Part("b"), Reference::Setting("c")]
    );
    assert!(!template.is_literal());
}

#[test]
fn other_things_in_braces_are_refused_with_what_is_allowed() {
    for text in [
        "{}",
        "{region}",
        "{settings}",
        "{settings.}",
        "{settings.Region}",
        "{settings.1st}",
        "{settings._a}",
        "{settings.a.b}",
        "{settings.a??}",
        "{ settings.a }",
        "{parts.a?}",
        "{parts.é}",
        "{secrets.a}",
        "{settings.{a}",
    ] {
        let message = Template::parse(text).unwrap_err().to_string();
        assert!(message.contains("is not a placeholder"), "{text}: {message}");
        assert!(message.contains("`{settings.NAME}`, `{settings.NAME?}` or `{parts.NAME}`"), "{text}: {message}");
    }
}

#[test]
fn a_variable_stands_only_where_it_is_allowed() {
    const ALLOWED: &[&str] = &["time.unix", "request.body-sha256-hex"];
    let text = "{time.unix}.{request.body-sha256-hex}.{parts.token}.{settings.a}";
    let template = Template::parse_with(text, ALLOWED).unwrap();
    assert_eq!(template.to_string(), text);
    assert!(!template.is_literal());
    assert_eq!(template.references().next(), Some(Reference::Variable("time.unix")));
    let variable = |name: &'static str| match name {
        "time.unix" => Some("1"),
        "request.body-sha256-hex" => Some("ab"),
        _ => None,
    };
    let with = settings(json!({ "a": "x" }));
    assert_eq!(template.expand_with(&with, &|_| Some("t"), &variable).unwrap(), "1.ab.t.x");
    assert_eq!(template.expand(&with, &|_| Some("t")).unwrap_err(), ExpandError::MissingVariable { name: "time.unix" });

    for refused in ["{nonce}", "{time.unix?}", "{time}"] {
        let message = Template::parse_with(refused, ALLOWED).unwrap_err().to_string();
        assert!(message.contains("is not a placeholder"), "{message}");
        assert!(message.contains("`{parts.NAME}`, `{time.unix}`, `{request.body-sha256-hex}`, where"), "{message}");
    }
    assert!(Template::parse("{time.unix}").unwrap_err().to_string().contains("`{time.unix}` is not a placeholder"));
}

#[test]
fn a_lone_brace_is_refused() {
    for (text, message) in [
        ("a{settings.b", "`{` without its `}`"),
        ("a{", "`{` without its `}`"),
        ("a}b", "`}` without its `{`"),
        ("{settings.a}}", "`}` without its `{`"),
    ] {
        let error = Template::parse(text).unwrap_err().to_string();
        assert!(error.contains(message), "{text}: {error}");
    }
}

#[test]
fn an_error_quotes_a_hostile_placeholder_briefly_and_on_one_line() {
    let text = format!("{{\u{1b}[31m\n{}}}", "x".repeat(10_000));
    let message = Template::parse(&text).unwrap_err().to_string();
    assert!(!message.contains(char::is_control), "{message:?}");
    assert!(message.len() < 500, "{message}");
}

#[test]
fn debug_shows_the_text() {
    let template = Template::parse("a {parts.b}").unwrap();
    assert_eq!(format!("{template:?}"), r#"Template("a {parts.b}")"#);
}

proptest! {
    #[test]
    fn any_literal_expands_to_itself(literal in ".*") {
        let template = Template::parse(&literal.replace('{', "{{").replace('}', "}}")).unwrap();
        prop_assert!(template.is_literal());
        prop_assert_eq!(template.expand(&Map::new(), &|_| None).unwrap(), literal);
    }

    #[test]
    fn a_template_displays_as_it_was_written(
        text in r"([^{}]{0,5}|\{\{|\}\}|\{settings\.[a-z][a-z0-9_]{0,5}\??\}|\{parts\.[a-z][a-z0-9_]{0,5}\}){0,8}"
    ) {
        let template = Template::parse(&text).unwrap();
        prop_assert_eq!(template.to_string(), text.as_str());
        prop_assert_eq!(Template::parse(&template.to_string()).unwrap(), template);
    }

    #[test]
    fn any_text_parses_or_is_refused_without_a_panic(text in r"([{}.?]|settings|parts|[a-z]|.){0,12}") {
        if let Ok(template) = Template::parse(&text) {
            prop_assert_eq!(template.to_string(), text);
        }
    }
}

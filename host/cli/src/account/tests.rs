//! Where each piece of an account comes from.

use std::fs;

use secrecy::ExposeSecret as _;
use serde_json::json;

use super::*;
use crate::fixture::{changed, descriptor};

/// What is resolved from these arguments and variables; the error as its sentence.
fn resolve_with(
    arguments: &AccountArgs,
    descriptor: &Descriptor,
    variables: &[(&str, &str)],
) -> Result<ResolvedAccount, String> {
    let environment =
        |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(*value));
    arguments.resolve(descriptor, &environment).map_err(|error| error.message().to_owned())
}

fn set(pairs: &[&str]) -> AccountArgs {
    AccountArgs { set: pairs.iter().map(|pair| pair.parse().unwrap()).collect(), ..AccountArgs::default() }
}

fn resolve(pairs: &[&str], variables: &[(&str, &str)]) -> Result<ResolvedAccount, String> {
    resolve_with(&set(pairs), &descriptor(), variables)
}

fn refused(resolved: Result<ResolvedAccount, String>) -> String {
    resolved.err().unwrap()
}

/// An account of a configuration that says this.
fn of_config(account: &str, variables: &[(&str, &str)]) -> Result<ResolvedAccount, String> {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("keywright.toml");
    fs::write(&config, format!("[accounts.a]\nvendor = 'initech'\n{account}")).unwrap();
    fs::write(directory.path().join("hook"), "hush-file\n").unwrap();
    let arguments = AccountArgs { account: Some("a".to_owned()), config: Some(config), ..AccountArgs::default() };
    resolve_with(&arguments, &descriptor(), variables)
}

const TOKEN: (&str, &str) = ("INITECH_TOKEN", "t");

#[test]
fn settings_have_the_types_of_the_schema() {
    let account = resolve(&[], &[("INITECH_TENANT", "42"), TOKEN]).ok().unwrap();
    assert_eq!(account.settings["tenant"], json!(42));
    let account = resolve(&["tenant=7"], &[("INITECH_TENANT", "42"), TOKEN]).ok().unwrap();
    assert_eq!(account.settings["tenant"], json!(7), "a flag overrides the environment");
    assert_eq!(refused(resolve(&["tenant=x"], &[])), "the setting `tenant` given with --set must be a whole number");
    assert_eq!(refused(resolve(&[], &[("INITECH_TENANT", "x")])), "the variable INITECH_TENANT must be a whole number");
}

#[test]
fn the_first_variable_that_is_set_counts() {
    let account = resolve(&[], &[("TENANT", "2"), TOKEN]).ok().unwrap();
    assert_eq!(account.settings["tenant"], json!(2));
    let account = resolve(&[], &[("TENANT", "2"), ("INITECH_TENANT", "1"), TOKEN]).ok().unwrap();
    assert_eq!(account.settings["tenant"], json!(1));
}

#[test]
fn what_is_missing_is_named_with_all_the_places_where_it_may_be_given() {
    assert_eq!(
        refused(resolve(&[], &[])),
        "the account has no setting `tenant`: set INITECH_TENANT or TENANT, give --set tenant=…, or give it in an account \
         of keywright.toml"
    );
    assert_eq!(
        refused(resolve(&["tenant=1"], &[])),
        "the administrator's credential has no part `token`: set INITECH_TOKEN, or give it in an account of keywright.toml"
    );
}

#[test]
fn a_part_that_is_optional_may_be_missing_and_is_read_when_it_is_there() {
    let account = resolve(&["tenant=1"], &[TOKEN]).ok().unwrap();
    assert_eq!(account.credential.parts().names().collect::<Vec<_>>(), ["token"]);
    let account = resolve(&["tenant=1"], &[TOKEN, ("INITECH_SESSION_TOKEN", "s")]).ok().unwrap();
    assert_eq!(account.credential.parts().get("session_token").unwrap().expose_secret(), "s");
}

#[test]
fn an_empty_variable_is_not_taken_for_a_missing_one() {
    let message = refused(resolve(&["tenant=1"], &[("INITECH_TOKEN", "")]));
    assert_eq!(message, "INITECH_TOKEN is empty: set it to a value, or unset it");
}

#[test]
fn a_secret_setting_is_never_taken_from_the_command_line() {
    let message = refused(resolve(&["tenant=1", "webhook_key=hush"], &[TOKEN]));
    assert!(message.contains("the setting `webhook_key` is secret") && message.contains("set INITECH_WEBHOOK_KEY"));
    assert!(!message.contains("hush"), "{message}");
    let account = resolve(&["tenant=1"], &[TOKEN, ("INITECH_WEBHOOK_KEY", "hush")]).ok().unwrap();
    assert_eq!(account.settings["webhook_key"], "hush");
}

#[test]
fn a_secret_setting_of_the_configuration_says_where_it_is() {
    let settings = |source: &str| format!("settings = {{ tenant = 1, webhook_key = {source} }}");
    for (source, value) in [("{ env = 'HOOK' }", "hush-env"), ("{ file = 'hook' }", "hush-file")] {
        let account = of_config(&settings(source), &[TOKEN, ("HOOK", "hush-env")]).ok().unwrap();
        assert_eq!(account.settings["webhook_key"], value);
    }
    for (source, says) in [
        ("'hush-1'", "the secret setting `webhook_key` is written in plain text"),
        ("7", "the secret setting `webhook_key` is written in plain text"),
        ("{ env = 'NONE' }", "the setting `webhook_key` cannot be read: NONE is not set"),
        ("{ environment = 'hush-1' }", "unknown field `environment`"),
        ("{ env = ['hush-1'] }", "does not say where it is"),
        ("{ env = 'HOOK', file = 'hook' }", "there is one source"),
    ] {
        let message = refused(of_config(&settings(source), &[TOKEN]));
        assert!(message.contains("keywright.toml, line 3: ") && message.contains(says), "{message}");
        assert!(!message.contains("hush-1"), "{message}");
    }
}

#[test]
fn no_secret_is_read_for_what_rules_are_bound_to() {
    let arguments = set(&["tenant=1"]);
    let asked = std::cell::RefCell::new(Vec::new());
    let environment = |name: &str| {
        asked.borrow_mut().push(name.to_owned());
        None
    };
    let binding = arguments.binding(&descriptor(), &environment).ok().unwrap();
    assert_eq!(binding.settings, json!({"tenant": 1, "region": "here"}).as_object().unwrap().clone());
    assert!(binding.endpoints.is_empty() && asked.borrow().is_empty(), "{:?}", asked.borrow());
}

#[test]
fn a_part_that_does_not_have_its_form_is_reported_with_its_source_and_without_its_value() {
    let error = |credential: &SourcedParts| {
        let cause = keywright_runtime::CredentialError::PartForm {
            part: "token".to_owned(),
            credential: "the administrator's credential",
            form: "^t[a-z-]*$".to_owned(),
        };
        credential.explain(&cause, "account").message().to_owned()
    };
    let account = resolve(&["tenant=1"], &[("INITECH_TOKEN", "HUSH")]).ok().unwrap();
    let message = error(&account.credential);
    assert!(
        message.contains("does not have its form") && message.ends_with("(it comes from INITECH_TOKEN)"),
        "{message}"
    );
    assert!(!message.contains("HUSH"), "{message}");
    let account = of_config("settings = { tenant = 1 }\ncredential = { token = { file = 'hook' } }", &[]).ok().unwrap();
    let message = error(&account.credential);
    assert!(
        message.contains("it comes from the file ") && message.contains("keywright.toml, line 4 says)"),
        "{message}"
    );
}

#[test]
fn endpoints_are_named_where_there_are_several() {
    let several = changed(|model| {
        let other = keywright_model::descriptor::Endpoint {
            name: "s3".into(),
            url: "https://s3.initech.example".into(),
            extensions: None,
        };
        model.endpoints.push(other);
    });
    let endpoints = |descriptor: &Descriptor, endpoints: &[&str]| {
        let endpoint = endpoints.iter().map(|endpoint| endpoint.parse().unwrap()).collect();
        let arguments = AccountArgs { endpoint, ..set(&["tenant=1"]) };
        let resolved = resolve_with(&arguments, descriptor, &[TOKEN])?;
        let named = |it: EndpointOverride| format!("{}={}", it.name.unwrap_or_default(), it.url);
        Ok::<Vec<String>, String>(resolved.endpoints.into_iter().map(named).collect())
    };
    let one = descriptor();
    assert_eq!(endpoints(&one, &["https://127.0.0.1:1"]).unwrap(), ["api=https://127.0.0.1:1"]);
    assert_eq!(endpoints(&one, &["api=https://127.0.0.1:1/v2"]).unwrap(), ["api=https://127.0.0.1:1/v2"]);
    assert_eq!(
        endpoints(&several, &["s3=https://a.intern", "api=https://b.intern"]).unwrap(),
        ["s3=https://a.intern", "api=https://b.intern"]
    );
    for (descriptor, given, says) in [
        (&several, &["https://a.intern"][..], "initech has the endpoints api and s3: name the one that the URL is for"),
        (&several, &["apy=https://a.intern"][..], "initech has no endpoint `apy`: did you mean `api`?"),
        (&one, &["https://a.intern", "api=https://b.intern"][..], "--endpoint is given twice for the endpoint `api`"),
    ] {
        let message = endpoints(descriptor, given).unwrap_err();
        assert!(message.contains(says), "{message}");
    }
}

#[test]
fn an_endpoint_of_the_command_line_replaces_that_of_the_configuration() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("keywright.toml");
    let account = "vendor = 'initech'\nsettings = { tenant = 1 }\nendpoints = { api = 'https://a.intern' }";
    fs::write(&config, format!("[accounts.a]\n{account}")).unwrap();
    let url = |flags: &[&str]| {
        let arguments = AccountArgs {
            account: Some("a".to_owned()),
            config: Some(config.clone()),
            endpoint: flags.iter().map(|flag| flag.parse().unwrap()).collect(),
            ..AccountArgs::default()
        };
        let resolved = resolve_with(&arguments, &descriptor(), &[TOKEN]).ok().unwrap();
        resolved.endpoints.into_iter().map(|it| it.url).collect::<Vec<_>>()
    };
    assert_eq!(url(&[]), ["https://a.intern"]);
    assert_eq!(url(&["https://b.intern"]), ["https://b.intern"]);
}

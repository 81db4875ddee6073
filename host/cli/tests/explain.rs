//! `keywright adapter explain`: which rule decides, and the line that would allow what none does.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails its test")]

mod common;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use common::{CANARY, fail, keywright, stderr, stdout, succeed, succeed_json, third_party};
use keywright_tests::guests;
use serde_json::{Value, json};

const KEYS: &str = "https://api.scaleway.com/iam/v1alpha1/api-keys";
const LIST_KEYS: &str = "organization_id,order_by,page,page_size,bearer_id,bearer_type";

fn explain(arguments: &[&str]) -> Command {
    let mut command = keywright(&["adapter", "explain"]);
    command.args(arguments);
    command
}

/// What is said of a request that nothing allows.
fn denied(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(stderr(&output), "", "the result says it all");
    stdout(&output)
}

fn denied_json(command: &mut Command) -> Value {
    serde_json::from_str(&denied(command.args(["-o", "json"]))).unwrap()
}

#[test]
fn the_rule_that_decides_is_named_for_each_operation() {
    let text = succeed(&mut explain(&["scaleway", "GET", &format!("{KEYS}?page=1")]));
    assert!(text.contains(&format!("allowed for check, list by rule 2: check,list GET {KEYS}?{LIST_KEYS}")), "{text}");
    assert!(text.contains("denied for create"), "{text}");
    let explained = succeed_json(&mut explain(&["scaleway", "list", "get", KEYS]));
    assert_eq!(
        explained["allowed"],
        json!([{"operation": "list", "rule": 2, "line": format!("check,list GET {KEYS}?{LIST_KEYS}")}])
    );
    assert_eq!(explained["denied"], json!([]));
}

#[test]
fn what_nothing_allows_fails_with_the_nearest_rules_and_says_whose_it_is_to_add() {
    let explained = denied_json(&mut explain(&["scaleway", "update", "PUT", &format!("{KEYS}/SCWX")]));
    assert_eq!(explained["allowed"], json!([]));
    assert_eq!(explained["denied"][0]["line"], format!("update PUT {KEYS}/SCWX"));
    assert_eq!(explained["denied"][0]["requested"], false);
    assert!(explained["nearest"][0]["differences"][0].as_str().unwrap().starts_with("its method is "), "{explained}");
    let text = denied(&mut explain(&["scaleway", "update", "PUT", &format!("{KEYS}/SCWX")]));
    assert!(text.contains(&format!("  update PUT {KEYS}/SCWX")) && text.contains("near is rule "), "{text}");
    assert!(text.contains("does not ask for this"), "{text}");
}

#[test]
fn a_request_that_has_two_readings_is_denied_with_its_reason() {
    for (url, reason) in [
        ("http://api.scaleway.com/iam/v1alpha1/api-keys", "only https is allowed"),
        ("https://api.scaleway.com/iam/v1alpha1/../api-keys", "dot segments"),
    ] {
        let explained = denied_json(&mut explain(&["scaleway", "GET", url]));
        assert!(explained["denied"][0]["reason"].as_str().unwrap().contains(reason), "{explained}");
        assert_eq!(explained["denied"][0]["line"], Value::Null);
    }
}

#[test]
fn headers_and_bodies_are_explained_as_far_as_they_are_given() {
    let create = |arguments: &[&str]| explain(&[&["scaleway", "create", "POST", KEYS], arguments].concat());
    succeed(&mut create(&[]));
    succeed(&mut create(&["--json", r#"{"description":"x"}"#, "--header", "x-request: 1"]));
    succeed(create(&["--form", "-"]).write_stdin("a=b"));
    fail(&mut create(&["--json", "@/none"]), "/none");
    fail(&mut create(&["--json", "{}", "--form", "a=b"]), "--form");
    fail(&mut create(&["--header", CANARY]), "write NAME: VALUE");
}

#[test]
fn only_the_settings_that_rules_name_are_needed_and_the_credential_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("oauth2.wasm");
    fs::write(&file, guests::OAUTH2).unwrap();
    let file = file.to_str().unwrap();
    let token = ["POST", "https://auth.vendor.example/acme/token"];
    let missing = fail(&mut explain(&[file, token[0], token[1]]), "the account has no setting `tenant`");
    assert!(missing.contains("--set tenant="), "{missing}");
    let explained = succeed_json(&mut explain(&[file, token[0], token[1], "--set", "tenant=acme"]));
    assert_eq!(explained["allowed"][0]["operation"], "authenticate");
    denied(&mut explain(&[file, token[0], token[1], "--set", "tenant=other"]));
}

#[test]
fn an_account_has_its_endpoint_and_its_credential_is_not_read() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("keywright.toml");
    fs::write(
        &config,
        "[accounts.lab]\nvendor = 'scaleway'\nendpoint = 'https://127.0.0.1:8443'\n\
         [accounts.lab.credential]\nsecret_key = { command = ['false'] }",
    )
    .unwrap();
    let account = ["--account", "lab", "--config", config.to_str().unwrap()];
    succeed(explain(&["scaleway", "GET", "https://127.0.0.1:8443/iam/v1alpha1/api-keys"]).args(account));
    denied(explain(&["scaleway", "GET", KEYS]).args(account));
}

#[test]
fn a_malformed_request_is_refused_in_one_sentence() {
    fail(&mut explain(&["scaleway", "GET", "/iam"]), "write a whole URL");
    fail(&mut explain(&["scaleway", "G T", KEYS]), "write a method");
    fail(&mut explain(&["scaleway", "lst", "GET", KEYS]), "did you mean `list`?");
    fail(&mut explain(&["scaleway", "GET", KEYS, "--inert-wasi"]), "--inert-wasi");
    let output = explain(&["scaleway", "GET", &format!("https://u:{CANARY}@api.scaleway.com/x?t={CANARY}")]).output();
    let output = output.unwrap();
    assert!(!stdout(&output).contains(CANARY) && !stderr(&output).contains(CANARY));
}

fn add(directory: &Path) {
    let mut command = keywright(&["adapter", "add", "initechs.wasm", "--rules", "some.rules", "--yes"]);
    succeed(command.current_dir(directory));
}

#[test]
fn the_line_of_a_denial_put_into_the_grant_allows_the_request() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    fs::write(directory.join("initechs.wasm"), third_party("initechs")).unwrap();
    let mut rules = "list GET https://api.initechs.com/iam/v1alpha1/api-keys\n".to_owned();
    fs::write(directory.join("some.rules"), &rules).unwrap();
    add(directory);

    let keys = "https://api.initechs.com/iam/v1alpha1/api-keys";
    for (method, url, operation) in [
        ("DELETE", format!("{keys}/SCWX"), "revoke"),
        ("POST", keys.to_owned(), "create"),
        ("GET", format!("{keys}/SCWX"), "get"),
    ] {
        let question = || {
            let mut command = explain(&["initechs", operation, method, &url]);
            command.current_dir(directory);
            command
        };
        let text = denied(&mut question());
        assert!(text.contains("keywright.lock does not grant it") && text.contains("--rules FILE"), "{text}");
        let explained = denied_json(&mut question());
        assert_eq!(explained["denied"][0]["requested"], true);
        let line = explained["denied"][0]["line"].as_str().unwrap();
        assert!(text.lines().any(|shown| shown.trim() == line), "{line} is not a line of {text}");
        rules.push_str(&format!("{line}\n"));
        fs::write(directory.join("some.rules"), &rules).unwrap();
        add(directory);
        let explained = succeed_json(&mut question());
        assert_eq!(explained["allowed"][0]["operation"], operation);
    }
    // What the adapter lets be hidden stays hidden, though the pasted line does not say so.
    let explained = succeed_json(explain(&["initechs", "POST", keys]).current_dir(directory));
    assert!(
        explained["allowed"][0]["line"].as_str().unwrap().ends_with(" mints secret_key=/secret_key"),
        "{explained}"
    );
    // And no other key is opened by it.
    denied(explain(&["initechs", "DELETE", &format!("{keys}/SCWY")]).current_dir(directory));
}

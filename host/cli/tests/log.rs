//! The log on standard error.

mod common;

use std::fs;

use common::{Simulated, fail, keywright, stderr, stdout, succeed};
use keywright_tests::guests;

#[test]
fn the_log_says_what_was_sent_and_answered_and_no_secret() {
    let simulated = Simulated::new();
    let application = format!("application_id={}", simulated.application());
    let key = simulated.file("key.json");
    let create = ["create", "--attr", &application, "--secret-file", key.to_str().unwrap(), "-vv"];
    let output = simulated.call(&create).output().unwrap();
    let said = stderr(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("a request was answered") && said.contains("status=200"), "{said}");
    assert!(said.contains("/iam/v1alpha1/api-keys"), "{said}");
    let written: serde_json::Value = serde_json::from_str(&fs::read_to_string(&key).unwrap()).unwrap();
    for secret in [simulated.secret(), written["secret_key"].as_str().unwrap().to_owned()] {
        assert!(!said.contains(&secret) && !stdout(&output).contains(&secret), "{said}");
    }
    assert!(!said.contains("hyper") && !said.contains("rustls") && !said.contains("h2::"), "{said}");
}

#[test]
fn a_log_is_asked_for_by_a_flag_or_a_variable() {
    let simulated = Simulated::new();
    let said = |arguments: &[&str], level: Option<&str>| {
        let mut command = simulated.call(arguments);
        if let Some(level) = level {
            command.env("KEYWRIGHT_LOG", level);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stderr(&output)
    };
    assert_eq!(said(&["list"], None), "");
    assert_eq!(said(&["list"], Some("warn")), "");
    assert!(said(&["list", "-v"], None).contains("DEBUG"));
    assert!(!said(&["list", "-v"], None).contains("TRACE"));
    assert!(said(&["list"], Some("trace")).contains("TRACE"));
    fail(simulated.call(&["list"]).env("KEYWRIGHT_LOG", "loud"), "KEYWRIGHT_LOG is not a level");
    succeed(keywright(&["adapter", "list"]).env("KEYWRIGHT_LOG", "off"));
}

/// The author of an adapter that panics learns where.
#[test]
fn what_an_adapter_that_panics_says_is_in_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("probe.wasm");
    fs::write(&file, guests::PROBE).unwrap();
    let config = directory.path().join("keywright.toml");
    let account = "[accounts.a]\nvendor = 'probe'\n[accounts.a.credential]\naccess_key = 'own'\nsecret_key = { env = 'MY_KEY' }\n";
    fs::write(&config, account).unwrap();
    let call = |flags: &[&str]| {
        let mut command = keywright(&["call", file.to_str().unwrap(), "create", "--grant-requested", "--reveal"]);
        command.args(["--attr", "misbehave=panic", "--endpoint", "http://127.0.0.1:9"]).args(flags);
        command.args(["--account", "a", "--config"]).arg(&config).env("MY_KEY", "the-administrators-secret");
        command
    };
    let said = fail(&mut call(&[]), "broke down");
    assert!(said.contains("-v shows what it wrote to its standard error"), "{said}");
    let output = call(&["-v"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("misbehave.rs"), "{}", stderr(&output));
}

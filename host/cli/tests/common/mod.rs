//! What the tests of the binary share.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails its test")]

pub(crate) mod home;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use keywright_simulators::{FaultRule, Simulator};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A value that no output may show.
pub(crate) const CANARY: &str = "canary-5b1d2c3e-do-not-print";

/// A secret key as the vendor makes them, which it does not know.
pub(crate) const UNKNOWN_SECRET: &str = "11111111-2222-4333-8444-555555555555";

/// The program, in isolation: no variable of the vendor, a directory without configuration, and compiled
/// components kept from one test to the next.
pub(crate) fn keywright(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywright"));
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");
    std::fs::create_dir_all(&home).unwrap();
    command.env_clear().env("HOME", &home).env("XDG_CACHE_HOME", home.join("cache")).env("RUST_BACKTRACE", "1");
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command.current_dir(&home).args(arguments);
    command
}

/// A third party's component: Scaleway's, with all that names the vendor naming another, which is eight letters long too.
pub(crate) fn third_party(vendor: &str) -> Vec<u8> {
    replaced(keywright_adapters::find("scaleway").unwrap().component, "scaleway", vendor)
}

/// A component with other texts of the same length in it.
pub(crate) fn replaced(component: &[u8], text: &str, with: &str) -> Vec<u8> {
    assert_eq!(text.len(), with.len());
    let mut bytes = component.to_vec();
    let mut found = false;
    for at in 0..bytes.len().saturating_sub(text.len()) {
        if bytes[at..].starts_with(text.as_bytes()) {
            bytes[at..at + text.len()].copy_from_slice(with.as_bytes());
            found = true;
        }
    }
    assert!(found, "{text} is not in the component");
    bytes
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs what must succeed, and gives its results.
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

/// Runs what must succeed with JSON.
pub(crate) fn succeed_json(command: &mut Command) -> Value {
    serde_json::from_str(&succeed(command.args(["-o", "json"]))).unwrap()
}

/// What was said must not hold a secret that the program was given.
fn expect_discreet(command: &Command, said: &str) {
    assert!(!said.contains(CANARY), "{said}");
    let secrets =
        command.get_envs().filter(|(name, _)| ["SCW_SECRET_KEY", "MY_KEY", "NEW_KEY"].iter().any(|it| name == it));
    for secret in secrets.filter_map(|(_, value)| value?.to_str()).filter(|secret| !secret.is_empty()) {
        assert!(!said.contains(secret), "{said}");
    }
}

/// Runs what must fail as everything fails: with 1, nothing on standard output, and one sentence that names the thing
/// and gives nothing away.
pub(crate) fn fail(command: &mut Command, named: &str) -> String {
    let output = command.output().unwrap();
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(stdout(&output), "", "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("error: ") && said.ends_with('\n'), "{said}");
    assert!(said.contains(named), "{said:?} does not contain {named:?}");
    expect_discreet(command, &said);
    assert!(!said.to_lowercase().contains("backtrace"), "{said}");
    said
}

/// Runs what must fail with JSON, and gives the error.
pub(crate) fn fail_json(command: &mut Command) -> Value {
    let output = command.args(["-o", "json"]).output().unwrap();
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    expect_discreet(command, &said);
    let mut error: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    error["error"].take()
}

/// A simulator in the test's own process.
pub(crate) struct Simulated {
    pub(crate) simulator: Simulator,
    pub(crate) directory: TempDir,
    _runtime: Runtime,
}

impl Simulated {
    pub(crate) fn new() -> Self {
        Self::with(&[], &[])
    }

    pub(crate) fn with(options: &[(&str, &str)], faults: &[&str]) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let options: BTreeMap<String, String> =
            options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut builder = Simulator::builder(keywright_simulators::vendor("scaleway", &options).unwrap());
        for fault in faults {
            builder = builder.fault(fault.parse::<FaultRule>().unwrap());
        }
        let simulator = runtime.block_on(builder.start()).unwrap();
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("ca.pem"), simulator.ca_pem().unwrap()).unwrap();
        Self { simulator, directory, _runtime: runtime }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn secret(&self) -> String {
        self.simulator.vendor().account().credential["secret_key"].clone()
    }

    pub(crate) fn organization(&self) -> String {
        self.simulator.vendor().account().settings["organization_id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn application(&self) -> String {
        self.simulator.vendor().sample().attributes["application_id"].as_str().unwrap().to_owned()
    }

    /// `keywright call` of this simulator, with the account from the environment.
    pub(crate) fn call(&self, arguments: &[&str]) -> Command {
        let mut command = keywright(&["call", "scaleway"]);
        command
            .args(arguments)
            .args(["--endpoint", self.simulator.base_url()])
            .arg("--ca-file")
            .arg(self.file("ca.pem"))
            .env("SCW_DEFAULT_ORGANIZATION_ID", self.organization())
            .env("SCW_SECRET_KEY", self.secret());
        command
    }

    /// Makes a credential by hand.
    pub(crate) fn issue(&self) -> String {
        self.simulator.vendor().issue_by_hand()
    }
}

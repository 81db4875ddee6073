//! Credentials with what editors, shells and password managers leave in them: refused before the first request, at every
//! vendor, from every source, by the name of the source and by what is wrong.

#![allow(clippy::unwrap_used, reason = "what fails here fails its test")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use common::{fail, keywright, succeed, succeed_json};
use keywright_simulators::Simulator;
use serde_json::Value;
use tempfile::TempDir;

type Spoil = fn(&str) -> String;

/// What may be wrong: what is made of a good value, and what is said of it.
const STRAYS: [(Spoil, &str); 9] = [
    (|value| format!("{value}\r\n\n"), "ends with a line end"),
    (|value| format!("{value} "), "ends with a blank"),
    (|value| format!("\t{value}"), "starts with a blank"),
    (|value| format!("\u{feff}{value}"), "starts with a byte order mark"),
    (|value| format!("{value}\u{a0}"), "ends with a blank"),
    (|value| format!("{value}\u{200b}"), "has an invisible character (U+200B)"),
    (|value| format!("\u{1b}{value}"), "has an invisible character (U+001B)"),
    (|value| format!("'{value}'"), "stands in quotes"),
    (|value| format!("{value}\nuser: somebody\n"), "has 2 lines, where one is the value"),
];

/// A vendor's simulator, and an account of keywright.toml there whose credential is in files.
struct Bench {
    vendor: &'static str,
    simulator: Simulator,
    directory: TempDir,
    credential: BTreeMap<String, String>,
    _runtime: tokio::runtime::Runtime,
}

impl Bench {
    fn new(vendor: &'static str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let fake = keywright_simulators::vendor(vendor, &BTreeMap::new()).unwrap();
        let simulator = runtime.block_on(Simulator::builder(fake).start()).unwrap();
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("ca.pem"), simulator.ca_pem().unwrap()).unwrap();
        let account = simulator.vendor().account();
        let credential: BTreeMap<String, String> =
            account.credential.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        let bench = Self { vendor, simulator, directory, credential, _runtime: runtime };
        let mut toml = format!("[accounts.a]\nvendor = '{vendor}'\nca-file = 'ca.pem'\n[accounts.a.endpoints]\n");
        for endpoint in bench.inspect()["endpoints"].as_array().unwrap() {
            toml.push_str(&format!("{} = '{}'\n", endpoint["name"].as_str().unwrap(), bench.simulator.base_url()));
        }
        toml.push_str("[accounts.a.settings]\n");
        for (name, value) in account.settings.as_object().unwrap() {
            toml.push_str(&format!("{name} = {value}\n"));
        }
        bench.write("base.toml", &toml);
        let sources = bench.credential.keys().map(|name| format!("{name} = {{ file = '{name}' }}\n"));
        bench.write("keywright.toml", &format!("{toml}[accounts.a.credential]\n{}", sources.collect::<String>()));
        for (name, value) in &bench.credential {
            bench.write(name, value);
        }
        bench
    }

    fn inspect(&self) -> Value {
        succeed_json(&mut keywright(&["adapter", "inspect", self.vendor]))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn check(&self, config: &str) -> Command {
        let mut command = keywright(&["call", self.vendor, "check", "--account", "a", "--config"]);
        command.arg(self.path(config));
        command
    }

    /// Runs what must fail before anything is sent, and without showing the value.
    fn refused(&self, command: &mut Command, named: &str, value: &str) {
        let said = fail(command, named);
        assert!(!said.contains(value.trim()), "{}: {said}", self.vendor);
        assert!(self.simulator.requests().is_empty(), "{}: {named}", self.vendor);
    }
}

#[test]
fn a_credential_with_stray_characters_is_refused_before_any_request_at_every_vendor() {
    for adapter in keywright_adapters::all() {
        let bench = Bench::new(adapter.vendor);
        for (name, good) in &bench.credential {
            let file = bench.path(name);
            for (spoilt, says) in STRAYS {
                bench.write(name, &spoilt(good));
                bench.refused(&mut bench.check("keywright.toml"), &format!("the file {} {says}", file.display()), good);
            }
            bench.write(name, good);
        }
        for (name, good) in &bench.credential {
            bench.write(name, &format!("{good}\r\n"));
        }
        succeed(&mut bench.check("keywright.toml"));
    }
}

#[test]
fn a_variable_with_stray_characters_is_named_at_every_vendor() {
    for adapter in keywright_adapters::all() {
        let bench = Bench::new(adapter.vendor);
        let described = bench.inspect();
        let variables: Vec<(String, &String)> = bench
            .credential
            .iter()
            .filter_map(|(name, value)| {
                let parts = described["administrator"].as_array().unwrap();
                let part = parts.iter().find(|part| part["name"] == **name).unwrap();
                Some((part["environment"][0].as_str()?.to_owned(), value))
            })
            .collect();
        assert_eq!(variables.len(), bench.credential.len(), "{}: each part has a variable", bench.vendor);
        let check = |spoilt: Option<(&str, String)>| {
            let mut command = bench.check("base.toml");
            for (variable, value) in &variables {
                command.env(variable, value.as_str());
            }
            if let Some((variable, value)) = spoilt {
                command.env(variable, value);
            }
            command
        };
        for (variable, good) in &variables {
            for (spoilt, says) in STRAYS {
                bench.refused(&mut check(Some((variable, spoilt(good)))), &format!("{variable} {says}"), good);
            }
            let path = bench.path("ca.pem").display().to_string();
            bench.refused(&mut check(Some((variable, path))), &format!("{variable} is the path of a file"), good);
        }
        for (variable, good) in &variables {
            succeed(&mut check(Some((variable, format!("{good}\r")))));
        }
    }
}

#[test]
fn names_and_letters_that_look_alike_in_a_value_are_refused_at_every_vendor() {
    for adapter in keywright_adapters::all() {
        let bench = Bench::new(adapter.vendor);
        for (name, good) in &bench.credential {
            for spoilt in [format!("password: {good}"), format!("{good}\u{430}")] {
                bench.write(name, &spoilt);
                let from = format!("it comes from the file {}", bench.path(name).display());
                bench.refused(&mut bench.check("keywright.toml"), &from, good);
            }
            bench.write(name, good);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_value_among_others_that_a_command_prints_is_chosen_by_line_or_name() {
    let bench = Bench::new("scaleway");
    let base = fs::read_to_string(bench.path("base.toml")).unwrap();
    let secret = &bench.credential["secret_key"];
    let entry = bench.path("entry");
    fs::write(&entry, format!("{secret}\nuser: somebody\nkey: {secret}\n")).unwrap();
    let check = |selection: &str| {
        let source = format!("{{ command = ['cat', '{}']{selection} }}", entry.display());
        bench.write("command.toml", &format!("{base}[accounts.a.credential]\nsecret_key = {source}\n"));
        bench.check("command.toml")
    };
    let says = "the output of the command `cat` has 3 lines, where one is the value: choose it with `line = 1`";
    bench.refused(&mut check(""), says, secret);
    bench.refused(&mut check(", line = 2"), "the output of the command `cat`", secret);
    bench.refused(&mut check(", key = 'keys'"), "has no key `keys`", secret);
    bench.refused(&mut check(", line = 1, key = 'key'"), "`line` or `key`, not both", secret);
    succeed(&mut check(", line = 1"));
    succeed(&mut check(", key = 'key'"));
}

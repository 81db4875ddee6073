//! An installation in a temporary home, at a simulator in the test's own process.

use std::fmt::Write as _;
use std::path::PathBuf;

use assert_cmd::Command;
use keywright_simulators::{FaultRule, Simulator};
use serde_json::{Map, Value};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::{keywright, succeed, succeed_json};

pub(crate) struct Home {
    pub(crate) simulator: Simulator,
    pub(crate) directory: TempDir,
    pub(crate) vendor: &'static str,
    runtime: Runtime,
}

impl Home {
    /// At this vendor's simulator. Nothing is set up yet.
    pub(crate) fn at(vendor: &'static str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let fake = keywright_simulators::vendor(vendor, &Default::default()).unwrap();
        let simulator = runtime.block_on(Simulator::builder(fake).start()).unwrap();
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("ca.pem"), simulator.ca_pem().unwrap()).unwrap();
        Self { simulator, directory, vendor, runtime }
    }

    /// With this credential configured as `ci`, published to a JSON file, and set up.
    pub(crate) fn with(vendor: &'static str, policy: &str) -> Self {
        let home = Self::at(vendor);
        home.configure(policy, &home.sample());
        home.command(&["init"]).assert().success();
        home
    }

    pub(crate) fn sample(&self) -> Map<String, Value> {
        self.simulator.vendor().sample().attributes.as_object().cloned().unwrap()
    }

    /// Writes keywright.toml with the credential `ci`.
    pub(crate) fn configure(&self, policy: &str, attributes: &Map<String, Value>) {
        let credential = format!("[credentials.ci]\naccount = \"lab\"\npublish = [\"file\"]\n{policy}\n");
        self.configure_with(&format!("{credential}[credentials.ci.attributes]\n{}", table(attributes)));
    }

    /// Writes keywright.toml with these credentials.
    pub(crate) fn configure_with(&self, credentials: &str) {
        let account = self.simulator.vendor().account();
        let mut text = String::from(
            "[timing]\ncall = \"4s\"\nsettle = \"0\"\nconsistency-delay = \"0\"\n[key]\nfile = \"key/key\"\n",
        );
        text.push_str("[sinks.file]\ntype = \"file\"\nformat = \"json\"\npath = \"out/{credential}.json\"\n");
        text.push_str("create-directory = true\n");
        write!(text, "[accounts.lab]\nvendor = \"{}\"\nca-file = \"ca.pem\"\n", self.vendor).unwrap();
        let endpoints = endpoints(self.vendor);
        if endpoints.len() == 1 {
            writeln!(text, "endpoint = \"{}\"", self.simulator.base_url()).unwrap();
        }
        text.push_str("[accounts.lab.settings]\n");
        text.push_str(&table(account.settings.as_object().unwrap()));
        text.push_str("[accounts.lab.credential]\n");
        for name in account.credential.keys() {
            writeln!(text, "{name} = {{ env = \"LAB_{}\" }}", name.to_uppercase()).unwrap();
        }
        if endpoints.len() > 1 {
            text.push_str("[accounts.lab.endpoints]\n");
            for endpoint in endpoints {
                writeln!(text, "{endpoint} = \"{}\"", self.simulator.base_url()).unwrap();
            }
        }
        text.push_str(credentials);
        std::fs::write(self.directory.path().join("keywright.toml"), text).unwrap();
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// A command of this installation.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = keywright(arguments);
        command.current_dir(self.directory.path());
        for (name, value) in self.simulator.vendor().account().credential {
            command.env(format!("LAB_{}", name.to_uppercase()), value);
        }
        command
    }

    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        succeed(&mut self.command(arguments))
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        succeed_json(&mut self.command(arguments))
    }

    /// What the sink holds of a credential.
    pub(crate) fn delivered(&self, name: &str) -> Value {
        let text = std::fs::read(self.file(&format!("out/{name}.json"))).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    /// What the vendor was asked to make.
    pub(crate) fn creations(&self) -> usize {
        self.simulator.requests().iter().filter(|request| request.operation == Some("create")).count()
    }

    pub(crate) fn fault(&self, rule: &str) {
        self.simulator.faults().inject(rule.parse::<FaultRule>().unwrap()).unwrap();
    }

    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}

/// The names of an adapter's endpoints.
fn endpoints(vendor: &str) -> Vec<String> {
    let inspected = succeed_json(&mut keywright(&["adapter", "inspect", vendor]));
    let endpoints = inspected["endpoints"].as_array().cloned().unwrap_or_default();
    endpoints.iter().filter_map(|endpoint| endpoint["name"].as_str()).map(str::to_owned).collect()
}

/// Lines of a TOML table, each value on its own line.
fn table(values: &Map<String, Value>) -> String {
    let values = values.iter().filter(|(_, value)| !value.is_null());
    values.map(|(name, value)| format!("{name} = {}\n", toml::Value::try_from(value).unwrap())).collect()
}

//! An installation of its own for one vendor of the demo, and the program itself as a child process that works on it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::{env, fs};

use keywright_auth::Parts;
use keywright_runtime::Descriptor;
use keywright_simulators::Simulator;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::error::Error;

/// The credential that the demo manages.
pub(super) const NAME: &str = "ci";

/// The member of a delivered file that says what was delivered.
const RECORD: &str = "keywright";

/// What a child inherits: where its home, its caches and its temporary files are. Not the user's accounts.
const INHERITED: [&str; 12] = [
    "APPDATA",
    "HOME",
    "LOCALAPPDATA",
    "LOGNAME",
    "PATH",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "USER",
    "USERPROFILE",
    "XDG_CACHE_HOME",
];

/// A directory with a `keywright.toml` for the vendor's simulator, removed with this.
pub(super) struct Installation {
    directory: TempDir,
    program: PathBuf,
    environment: BTreeMap<String, String>,
}

/// What a child said.
pub(super) struct Answer {
    /// Its exit status; none when a signal ended it.
    pub(super) status: Option<i32>,
    /// Its result; null when there is none.
    pub(super) result: Value,
    /// Why it failed, in words.
    pub(super) problem: String,
}

/// What a sink holds.
pub(super) struct Delivered {
    pub(super) generation: u64,
    pub(super) parts: Parts,
}

impl Installation {
    /// Writes the configuration: one account, one credential with these attributes, one file that it is delivered to.
    pub(super) fn write(simulator: &Simulator, descriptor: &Descriptor, call: &str) -> Result<Self, Error> {
        let directory = tempfile::Builder::new().prefix("keywright-demo-").tempdir();
        let directory = directory.map_err(|error| unwritable(&env::temp_dir(), &error))?;
        let seeded = simulator.vendor().account();
        let variable = |name: &str| format!("KEYWRIGHT_DEMO_{}", name.to_uppercase());
        let credential: Map<String, Value> =
            seeded.credential.keys().map(|name| (name.clone(), json!({ "env": variable(name) }))).collect();
        let mut account = json!({
            "vendor": descriptor.vendor,
            "settings": seeded.settings,
            "credential": credential,
        });
        // The simulator serves every endpoint at one URL.
        match descriptor.endpoints.as_slice() {
            [_] => account["endpoint"] = json!(simulator.base_url()),
            several => {
                let named = several.iter().map(|it| (it.name.clone().into_owned(), json!(simulator.base_url())));
                account["endpoints"] = Value::Object(named.collect());
            }
        }
        if let Some(authority) = simulator.ca_pem() {
            account["ca-file"] = json!("ca.pem");
            write(&directory.path().join("ca.pem"), authority)?;
        }
        let config = json!({
            // A simulator shows a change at once, so that nothing is to be waited for beyond the call itself.
            "timing": { "call": call, "settle": "0", "consistency-delay": "0" },
            "key": { "file": "key/key" },
            "accounts": { "demo": account },
            "sinks": { "file": { "type": "file", "format": "json", "path": "{credential}.json" } },
            "credentials": { NAME: {
                "account": "demo",
                "attributes": simulator.vendor().sample().attributes,
                "publish": ["file"],
                "grace": "0",
                "soak": "0",
                "gate-on-use": false,
            } },
        });
        let text = toml::to_string(&config)
            .map_err(|error| Error::new("demo", format!("the configuration cannot be written as TOML: {error}")))?;
        write(&directory.path().join("keywright.toml"), &text)?;
        let program = env::current_exe()
            .map_err(|error| Error::new("system", format!("this program's own file is not known ({error})")))?;
        let mut environment: BTreeMap<String, String> =
            INHERITED.iter().filter_map(|name| Some(((*name).to_owned(), env::var(name).ok()?))).collect();
        environment.extend(seeded.credential.into_iter().map(|(name, value)| (variable(&name), value)));
        Ok(Self { directory, program, environment })
    }

    /// Starts the program in this installation.
    pub(super) fn start(&self, arguments: &[&str]) -> Result<Child, Error> {
        let mut command = Command::new(&self.program);
        command.args(arguments).args(["-o", "json"]).current_dir(self.directory.path());
        command.env_clear().envs(&self.environment);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command.spawn().map_err(|error| {
            let program = self.program.display();
            Error::new("system", format!("{program} cannot be started as a child process ({error})"))
        })
    }

    /// Runs the program in this installation to its end.
    pub(super) async fn run(&self, arguments: &[&str]) -> Result<Answer, Error> {
        let child = self.start(arguments)?;
        let ended = child.wait_with_output().await;
        let ended =
            ended.map_err(|error| Error::new("system", format!("the output of a child process is lost ({error})")))?;
        Ok(Answer::read(&ended))
    }

    /// Runs what must end with this exit status, and gives its result.
    pub(super) async fn expect(&self, arguments: &[&str], status: i32) -> Result<Value, Error> {
        let answer = self.run(arguments).await?;
        match answer.status == Some(status) {
            true => Ok(answer.result),
            false => Err(Error::new("unexpected", format!("`keywright {}`: {}", arguments.join(" "), answer.problem))),
        }
    }

    /// What the sink holds; none when it is empty.
    pub(super) fn delivered(&self) -> Result<Option<Delivered>, Error> {
        let path = self.directory.path().join(format!("{NAME}.json"));
        let text = match fs::read_to_string(&path) {
            Ok(text) if text.trim().is_empty() => return Ok(None),
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::new("unexpected", format!("{} cannot be read ({error})", path.display()))),
        };
        let malformed = || Error::new("unexpected", format!("{} is not a delivered credential", path.display()));
        let mut members: Map<String, Value> = serde_json::from_str(&text).map_err(|_| malformed())?;
        let generation = members.remove(RECORD).and_then(|record| record["generation"].as_u64());
        let part = |(name, value): (String, Value)| Some((name, value.as_str()?.to_owned()));
        Ok(Some(Delivered {
            generation: generation.ok_or_else(malformed)?,
            parts: members.into_iter().filter_map(part).collect(),
        }))
    }
}

impl Answer {
    fn read(output: &Output) -> Self {
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let result: Value = serde_json::from_str(&stdout).unwrap_or_default();
        let message = |value: &Value| value["error"]["message"].as_str().map(str::to_owned);
        // What failed as a whole is on standard error; what failed for a credential is in the result.
        let whole = stderr.lines().rev().find_map(|line| message(&serde_json::from_str::<Value>(line).ok()?));
        let of_credential = || result["credentials"].as_array().and_then(|all| all.iter().find_map(message));
        let problem = whole.or_else(of_credential).unwrap_or_else(|| output.status.to_string());
        Self { status: output.status.code(), result, problem }
    }
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::new("system", format!("{} cannot be written ({error})", path.display()))
}

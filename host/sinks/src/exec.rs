//! A command: takes the delivery from its standard input, and acknowledges it by ending with success.

mod leak;
mod process;

use std::io;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use self::process::{Ended, Outcome};
use crate::Sink;
use crate::config::ExecConfig;
use crate::delivery::{Acknowledgement, Delivery, Held, Holding, Part, PartSpec, Subject};
use crate::error::{ConfigError, SinkError};
use crate::locations::Locations;

/// What the command inherits of the environment.
const INHERITED: [&str; 2] = ["PATH", "HOME"];

/// `type = "exec"`.
#[derive(Debug)]
pub(crate) struct ExecSink {
    program: PathBuf,
    arguments: Vec<String>,
    /// What it is called in messages.
    place: String,
    read: bool,
    previous: bool,
    limit: Duration,
}

impl ExecSink {
    pub(crate) fn new(config: &ExecConfig, locations: &Locations) -> Result<Self, ConfigError> {
        let [program, arguments @ ..] = config.command.as_slice() else {
            return Err(ConfigError::new("`command` has no program: write [\"PROGRAM\", \"ARGUMENT\"]"));
        };
        if program.is_empty() {
            return Err(ConfigError::new("the program of `command` is empty: write its name or path"));
        }
        Ok(Self {
            place: format!("the command `{program}`"),
            program: locations.program(program)?,
            arguments: arguments.to_vec(),
            read: config.read,
            previous: config.previous,
            limit: config.time_limit.duration(),
        })
    }

    /// Runs the command for one action. Only its success is an outcome.
    fn run(&self, action: &Action<'_>, deadline: Instant) -> Result<Outcome, SinkError> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env_clear();
        for variable in INHERITED {
            if let Some(value) = std::env::var_os(variable) {
                command.env(variable, value);
            }
        }
        command.env("KEYWRIGHT_ACTION", action.name()).env("KEYWRIGHT_CREDENTIAL", action.subject().credential());
        if let Action::Write(delivery) = action {
            command.env("KEYWRIGHT_GENERATION", delivery.generation.to_string());
        }
        let input = Zeroizing::new(action.input().to_string() + "\n");
        let place = || self.place.clone();
        match process::run(&mut command, input.as_bytes(), deadline) {
            Ok(Ended::Itself(outcome)) if outcome.status.success() => Ok(outcome),
            Ok(Ended::Itself(outcome)) => Err(SinkError::Failed {
                place: place(),
                status: outcome.status.to_string(),
                output: leak::last_words(&outcome.errors, &action.secrets()),
            }),
            Ok(Ended::InTime) => Err(SinkError::TimedOut { place: place(), limit: self.limit }),
            Err(source) => Err(SinkError::NotStarted { place: place(), source }),
        }
    }

    /// When a call that begins now must have ended.
    fn deadline(&self) -> Instant {
        Instant::now() + self.limit
    }

    fn read(&self, subject: &Subject, deadline: Instant) -> Result<Holding, SinkError> {
        let outcome = self.run(&Action::Read(subject), deadline)?;
        answer(&outcome.output).ok_or_else(|| SinkError::Unreadable { place: self.place.clone() })
    }
}

/// `GENERATION`, `GENERATION DIGEST`, or nothing.
fn answer(output: &[u8]) -> Option<Holding> {
    let mut words = std::str::from_utf8(output).ok()?.split_whitespace();
    let Some(generation) = words.next() else { return Some(Holding::Nothing) };
    let generation = generation.parse().ok()?;
    let digest = words.next().map(str::parse).transpose().ok()?;
    if words.next().is_some() { None } else { Some(Holding::Held(Held { generation, digest })) }
}

/// What the command is to do.
enum Action<'a> {
    Write(&'a Delivery),
    Read(&'a Subject),
    Withdraw(&'a Subject),
}

impl Action<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::Write(_) => "write",
            Self::Read(_) => "read",
            Self::Withdraw(_) => "withdraw",
        }
    }

    fn subject(&self) -> &Subject {
        match self {
            Self::Write(delivery) => &delivery.subject,
            Self::Read(subject) | Self::Withdraw(subject) => subject,
        }
    }

    fn input(&self) -> Value {
        let (action, credential) = (self.name(), self.subject().credential());
        let Self::Write(delivery) = self else { return json!({ "action": action, "credential": credential }) };
        let previous = delivery.previous.as_ref();
        json!({
            "action": action,
            "credential": credential,
            "generation": delivery.generation,
            "digest": delivery.digest(),
            "parts": parts(&delivery.parts),
            "previous": previous.map(|it| json!({ "generation": it.generation, "parts": parts(&it.parts) })),
        })
    }

    fn secrets(&self) -> Vec<&SecretString> {
        let Self::Write(delivery) = self else { return Vec::new() };
        let previous = delivery.previous.iter().flat_map(|previous| &previous.parts);
        delivery.parts.iter().chain(previous).filter(|part| part.secret).map(|part| &part.value).collect()
    }
}

fn parts(parts: &[Part]) -> Value {
    let member = |part: &Part| {
        let value = json!({ "value": part.value.expose_secret(), "variable": part.variable, "secret": part.secret });
        (part.name.clone(), value)
    };
    Value::Object(parts.iter().map(member).collect())
}

impl Sink for ExecSink {
    /// Whether there is such a program. What parts it can use only the command knows.
    fn check(&self, _subject: &Subject, _parts: &[PartSpec]) -> Result<(), SinkError> {
        let exists = match self.program.components().count() {
            1 if !self.program.is_absolute() => std::env::var_os("PATH")
                .is_some_and(|paths| std::env::split_paths(&paths).any(|path| path.join(&self.program).is_file())),
            _ => self.program.is_file(),
        };
        if exists {
            return Ok(());
        }
        let source = io::Error::new(io::ErrorKind::NotFound, "there is no such program");
        Err(SinkError::NotStarted { place: self.place.clone(), source })
    }

    fn write(&self, delivery: &Delivery) -> Result<Acknowledgement, SinkError> {
        let delivery = delivery.with_previous_if(self.previous);
        let (generation, digest) = (delivery.generation, delivery.digest());
        let deadline = self.deadline();
        if self.read
            && let Holding::Held(held) = self.read(&delivery.subject, deadline)?
        {
            if held.generation > generation {
                return Err(SinkError::Newer {
                    place: self.place.clone(),
                    subject: delivery.subject,
                    held: held.generation,
                    offered: generation,
                });
            }
            if held == (Held { generation, digest: Some(digest) }) {
                return Ok(Acknowledgement { generation, digest, written: false });
            }
        }
        self.run(&Action::Write(&delivery), deadline)?;
        Ok(Acknowledgement { generation, digest, written: true })
    }

    fn read_back(&self, subject: &Subject) -> Result<Holding, SinkError> {
        if self.read { self.read(subject, self.deadline()) } else { Ok(Holding::Unknown) }
    }

    fn withdraw(&self, subject: &Subject) -> Result<(), SinkError> {
        self.run(&Action::Withdraw(subject), self.deadline()).map(|_| ())
    }

    fn wants_previous(&self) -> bool {
        self.previous
    }

    fn time_limit(&self) -> Duration {
        self.limit
    }
}

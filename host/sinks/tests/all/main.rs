//! Sinks as a caller sees them: real files, real commands, real processes that are killed.

#![allow(clippy::panic, clippy::unwrap_used, reason = "what tests share may fail as tests do")]

mod conformance;
mod exec;
mod file;
mod killed;
mod profile;
mod safety;

use std::fs;
use std::path::Path;

use keywright_sinks::{Delivery, Held, Holding, Locations, Part, Previous, Sink, SinkConfig, SinkError, Subject};
use tempfile::TempDir;

/// A directory that only we can write to, with any umask.
fn directory() -> TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o700)).tempdir().unwrap()
}

/// The sink of this configuration, with relative paths below the directory.
fn sink(base: &Path, config: &str) -> Box<dyn Sink> {
    let config: SinkConfig = toml::from_str(config).unwrap();
    config.build(&Locations::new(base, None)).unwrap()
}

fn subject(name: &str) -> Subject {
    Subject::new(name).unwrap()
}

fn access_key(generation: u64) -> String {
    format!("SCW{generation:017}")
}

/// The secret of a generation.
fn secret(generation: u64) -> String {
    format!("5f6e7d8c-9bab-4cad-8ebf-{generation:012x}")
}

fn parts(generation: u64) -> Vec<Part> {
    let part = |name: &str, variable: &str, value: String, secret| Part {
        name: name.to_owned(),
        variable: Some(variable.to_owned()),
        value: value.into(),
        secret,
    };
    vec![
        part("access_key", "SCW_ACCESS_KEY", access_key(generation), false),
        part("secret_key", "SCW_SECRET_KEY", secret(generation), true),
    ]
}

fn delivery(name: &str, generation: u64) -> Delivery {
    Delivery { subject: subject(name), generation, parts: parts(generation), previous: None }
}

fn with_previous(name: &str, generation: u64) -> Delivery {
    let previous = Previous { generation: generation - 1, parts: parts(generation - 1) };
    Delivery { previous: Some(previous), ..delivery(name, generation) }
}

fn held(delivery: &Delivery) -> Holding {
    Holding::Held(Held { generation: delivery.generation, digest: Some(delivery.digest()) })
}

fn read(base: &Path, name: &str) -> String {
    fs::read_to_string(base.join(name)).unwrap()
}

/// The names of all files in a directory, in order.
fn names(base: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = fs::read_dir(base).unwrap().map(name).collect();
    names.sort();
    names
}

/// The message of an error, once it is seen to have no secret in it and to be one sentence.
fn message(error: &SinkError) -> String {
    let message = error.to_string();
    for generation in 0..20 {
        assert!(!message.contains(&secret(generation)), "{message}");
    }
    assert!(!message.ends_with('.') && !message.contains('\n'), "{message}");
    assert!(!format!("{error:?}").contains(&secret(1)), "{error:?}");
    message
}

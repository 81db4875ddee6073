//! `keywright init`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use keywright_sealing::{KeyEncryptionKey, KeyFile, KeySource, PassphraseParameters, SystemdCredential};
use keywright_store::{SqliteOptions, SqliteStore};
use serde_json::json;

use super::ConfigArgs;
use super::workspace::{installation, passphrase, read_config, usual_key_file};
use crate::config::{Config, KeyConfig};
use crate::error::Error;
use crate::output::Output;

/// What a new configuration begins with.
const TEMPLATE: &str = include_str!("../../examples/new.toml");

#[derive(Debug, clap::Args)]
pub(crate) struct InitArgs {
    #[command(flatten)]
    config: ConfigArgs,
}

/// Sets up what is missing: the configuration, the key, the store. What is there is used, and never replaced.
pub(crate) async fn run(arguments: InitArgs, output: Output) -> Result<(), Error> {
    let path = arguments.config.config.clone().unwrap_or_else(|| PathBuf::from("keywright.toml"));
    let wrote = write_template(&path)?;
    let (path, config) = read_config(&arguments.config).map(|(_, config)| (path, config))?;
    let file = config.store();
    let (key, parameters, key_place) = key(&config)?;
    create_directory(&file)?;
    let store = SqliteStore::open(&file, SqliteOptions { create: true, ..SqliteOptions::default() })
        .map_err(|error| Error::new("store", error.to_string()))?;
    let vault = keywright_driver::initialise(&store, key, parameters.as_ref()).await.map_err(installation)?;
    if output.is_json() {
        return output.json(&json!({
            "installation": vault.instance(),
            "config": path,
            "store": file,
            "key": key_place,
            "key_id": vault.key_name(),
        }));
    }
    let mut text = String::new();
    if wrote {
        text.push_str(&format!("wrote    {}\n", path.display()));
    }
    text.push_str(&format!("store    {}\nkey      {key_place}\n", file.display()));
    output.text(&text)?;
    output.note(
        "Keep a copy of the key in a safe place, apart from the store: without it no secret in the store can be read.",
    );
    Ok(())
}

fn write_template(path: &Path) -> Result<bool, Error> {
    let written = fs::OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut file| {
        file.write_all(TEMPLATE.as_bytes())?;
        file.sync_all()
    });
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Error::config(format!("{} cannot be written ({error}): name another", path.display()))),
    }
}

/// The directory of the store, for its owner alone.
fn create_directory(file: &Path) -> Result<(), Error> {
    let Some(directory) = file.parent().filter(|directory| !directory.as_os_str().is_empty()) else { return Ok(()) };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(directory)
        .map_err(|error| Error::new("store", format!("the directory {} cannot be made ({error})", directory.display())))
}

type NewKey = (Arc<dyn KeyEncryptionKey>, Option<PassphraseParameters>, String);

/// The key: a file that is there is used, one that is missing is made; the others are there before.
fn key(config: &Config) -> Result<NewKey, Error> {
    let failed = |error: keywright_sealing::KeySourceError| Error::new("key", error.to_string());
    let of_file = |path: PathBuf| {
        let file = KeyFile::new(&path);
        let key = if path.exists() { file.load() } else { file.create() };
        Ok((Arc::new(key.map_err(failed)?) as Arc<dyn KeyEncryptionKey>, None, path.display().to_string()))
    };
    match config.key() {
        KeyConfig::Usual => of_file(usual_key_file()?),
        KeyConfig::File(path) => of_file(path.clone()),
        KeyConfig::Systemd(name) => {
            let source = KeySource::Systemd(SystemdCredential::new(name, &|name| std::env::var_os(name)));
            let place = source.to_string();
            Ok((Arc::new(source.load().map_err(failed)?), None, place))
        }
        KeyConfig::Passphrase(source) => {
            let parameters = PassphraseParameters::generate().map_err(|error| Error::new("key", error.to_string()))?;
            let key = parameters.derive(&passphrase(source)?).map_err(failed)?;
            Ok((Arc::new(key), Some(parameters), format!("a passphrase from {source}")))
        }
    }
}

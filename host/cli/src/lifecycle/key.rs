//! `keywright key`: the key that secrets are sealed under.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Subcommand;
use keywright_sealing::{KeyFile, SealingKey};
use serde_json::json;

use super::ConfigArgs;
use super::workspace::{installation, key as configured_key, open_store, read_config, usual_key_file};
use crate::config::KeyConfig;
use crate::error::Error;
use crate::output::Output;

/// The key that secrets are sealed under.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Put every sealed secret under a new key. What was interrupted goes on when it is run again
    Rotate(KeyRotateArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct KeyRotateArgs {
    /// The file of the new key; it is made when it is missing
    #[arg(long, value_name = "FILE")]
    new: PathBuf,

    /// The file of the old key, when it is not the configured one any more
    #[arg(long, value_name = "FILE")]
    old: Option<PathBuf>,

    #[command(flatten)]
    config: ConfigArgs,
}

pub(crate) async fn run(command: KeyCommand, output: Output) -> Result<(), Error> {
    let KeyCommand::Rotate(arguments) = command;
    let (path, config) = read_config(&arguments.config)?;
    let store = open_store(&config)?;
    let failed = |error: keywright_sealing::KeySourceError| Error::new("key", error.to_string());
    let old = match &arguments.old {
        Some(file) => Arc::new(KeyFile::new(file).load().map_err(failed)?),
        None => configured_key(&config, &*store).await?,
    };
    let new_file = std::path::absolute(&arguments.new)
        .map_err(|error| Error::new("key", format!("{} has no place ({error})", arguments.new.display())))?;
    let file = KeyFile::new(&arguments.new);
    let new: SealingKey = if arguments.new.exists() { file.load() } else { file.create() }.map_err(failed)?;
    let rotated = keywright_driver::rotate_key(&*store, old, Arc::new(new), None).await.map_err(installation)?;
    if output.is_json() {
        return output.json(&json!({ "resealed": rotated.resealed, "key": arguments.new }));
    }
    output.text(&format!("{} secrets are sealed under {}\n", rotated.resealed, arguments.new.display()))?;
    let is_configured = match config.key() {
        KeyConfig::File(file) => std::path::absolute(file).is_ok_and(|file| file == new_file),
        KeyConfig::Usual => usual_key_file().is_ok_and(|file| file == new_file),
        _ => false,
    };
    if !is_configured {
        output.note(&format!(
            "Put `[key]` and `file = \"{}\"` into {}. The old key still opens earlier backups of the store: destroy it when \
             those are gone.",
            new_file.display(),
            path.display()
        ));
    }
    Ok(())
}

//! `keywright secret`: shows what is sealed.

use clap::Subcommand;
use keywright_runtime::Parts;
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};

use super::ConfigArgs;
use super::workspace::{Workspace, store};
use crate::error::Error;
use crate::output::Output;
use crate::suggest::quoted;

/// Shows secrets.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretCommand {
    /// Show the parts of the generation in use
    Show(SecretShowArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct SecretShowArgs {
    /// The credential
    #[arg(value_name = "NAME")]
    name: String,

    /// Print secret parts too; without it they are named only
    #[arg(long)]
    reveal: bool,

    /// This part alone, as it is, with a line end
    #[arg(long, value_name = "PART", requires = "reveal")]
    part: Option<String>,

    #[command(flatten)]
    config: ConfigArgs,
}

pub(crate) async fn run(command: SecretCommand, output: Output) -> Result<(), Error> {
    let SecretCommand::Show(arguments) = command;
    let workspace = Workspace::open(&arguments.config).await?;
    let (generation, parts) = open(&workspace, &arguments.name).await?;
    if let Some(name) = &arguments.part {
        let value = parts.get(name).ok_or_else(|| {
            let names = parts.names().collect::<Vec<_>>().join(", ");
            Error::usage(format!("{} has no part {}: it has {names}", quoted(&arguments.name), quoted(name)))
        })?;
        return output.text(&format!("{}\n", value.expose_secret()));
    }
    let public = public_names(&workspace, &arguments.name).await?;
    let shown = |(name, value): (&str, &secrecy::SecretString)| {
        let is_secret = !public.iter().any(|it| it == name);
        let value = if is_secret && !arguments.reveal { Value::Null } else { json!(value.expose_secret()) };
        (name.to_owned(), value)
    };
    let shown: Map<String, Value> = parts.iter().map(shown).collect();
    if output.is_json() {
        return output.json(&json!({ "name": arguments.name, "generation": generation, "parts": shown }));
    }
    let line = |(name, value): (&String, &Value)| match value.as_str() {
        Some(value) => format!("{name}={value}\n"),
        None => format!("{name}  (secret: show it with --reveal)\n"),
    };
    output.text(&shown.iter().map(line).collect::<String>())
}

/// The parts of the generation in use.
pub(super) async fn open(workspace: &Workspace, name: &str) -> Result<(u64, Parts), Error> {
    let snapshot = workspace.find(name).await?;
    let Some(current) = snapshot.state.current() else {
        return Err(Error::new(
            "not-in-use",
            format!("no generation of {} is in use: look at `keywright show {name}`", quoted(name)),
        ));
    };
    let sealed = workspace.store.sealed(name, current.number).await.map_err(store)?.ok_or_else(|| {
        Error::new(
            "no-secret",
            format!(
                "the store does not hold the secret of {}: it was taken over without it, or kept in the sinks alone \
                 (`retain = \"none\"`): rotate it, or read it there",
                quoted(name)
            ),
        )
    })?;
    let parts = workspace.vault.open(&snapshot.id, current.number, &sealed);
    Ok((current.number, parts.map_err(|error| Error::new("key", error.to_string()))?))
}

/// The names of the public parts. What the adapter does not describe is secret.
async fn public_names(workspace: &Workspace, name: &str) -> Result<Vec<String>, Error> {
    let snapshot = workspace.find(name).await?;
    let descriptor = workspace.descriptor(&snapshot.vendor).await?;
    Ok(descriptor.issued.iter().filter(|part| !part.secret).map(|part| part.name.clone()).collect())
}

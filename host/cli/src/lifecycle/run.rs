//! `keywright run`: a command with a credential in its environment, and nowhere else.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::process::Command;

use keywright_descriptor::{Descriptor, VariableRole};
use secrecy::ExposeSecret as _;

use super::ConfigArgs;
use super::secret;
use super::workspace::Workspace;
use crate::error::Error;
use crate::output::Output;
use crate::suggest::quoted;

#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// The credential
    #[arg(value_name = "NAME")]
    name: String,

    /// The command and its arguments, after `--`
    #[arg(value_name = "COMMAND", last = true, required = true)]
    command: Vec<OsString>,

    #[command(flatten)]
    config: ConfigArgs,
}

/// Runs the command in the place of this program.
pub(crate) async fn run(arguments: RunArgs, _output: Output) -> Result<(), Error> {
    let workspace = Workspace::open(&arguments.config).await?;
    let (_, parts) = secret::open(&workspace, &arguments.name).await?;
    let snapshot = workspace.find(&arguments.name).await?;
    let descriptor = workspace.descriptor(&snapshot.vendor).await?;
    let [program, rest @ ..] = arguments.command.as_slice() else {
        return Err(Error::usage("give a command after `--`"));
    };
    let mut command = Command::new(program);
    command.args(rest);
    for variable in secret_variables(&workspace, &descriptor).await? {
        command.env_remove(variable);
    }
    let mut set = 0;
    for part in descriptor.issued.iter() {
        let Some(value) = parts.get(&part.name) else { continue };
        for variable in &part.environment {
            command.env(variable, value.expose_secret());
            set += 1;
        }
    }
    if set == 0 {
        return Err(Error::new(
            "no-variables",
            format!(
                "{} names no environment variables for its credentials: use a sink, or `keywright secret show {} --reveal`",
                quoted(&snapshot.vendor),
                arguments.name
            ),
        ));
    }
    let shown = program.to_string_lossy().into_owned();
    let failed = |error: std::io::Error| Error::new("command", format!("{} cannot be run ({error})", quoted(&shown)));
    replace(command).map_err(failed)
}

/// The command takes the place of this program, so that signals and its exit status are its own.
#[cfg(unix)]
fn replace(mut command: Command) -> std::io::Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec())
}

#[cfg(not(unix))]
fn replace(mut command: Command) -> std::io::Result<()> {
    let status = command.status()?;
    std::process::exit(status.code().unwrap_or(1))
}

/// The variables that are not the command's: those that the configuration names, and those in which the vendors' own tools
/// keep what administers an account, from which it is taken where the configuration names none.
async fn secret_variables(workspace: &Workspace, descriptor: &Descriptor) -> Result<BTreeSet<String>, Error> {
    let mut variables: BTreeSet<String> = workspace.config.secret_variables().map(str::to_owned).collect();
    variables.extend(of_administrator(descriptor));
    for vendor in workspace.config.vendors() {
        variables.extend(of_administrator(&workspace.descriptor(vendor).await?));
    }
    Ok(variables)
}

/// All but settings that are not secret, such as a region, which the vendor's tools need as well.
fn of_administrator(descriptor: &Descriptor) -> impl Iterator<Item = String> {
    let kept = |role: &VariableRole| matches!(role, VariableRole::Setting(_));
    let variables = descriptor.variables().into_iter().filter(move |(_, role)| !kept(role));
    variables.map(|(variable, _)| variable.to_owned())
}

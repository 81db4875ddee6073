//! `keywright run`: a command with a credential in its environment, and nowhere else.

use std::ffi::OsString;
use std::process::Command;

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
    // What administers the vendor, and what opens the store, is not the command's.
    for variable in workspace.config.secret_variables() {
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

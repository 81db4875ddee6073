//! `keywright run`: a command with a credential in its environment, and nowhere else.

use std::ffi::OsString;
use std::process::Stdio;

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

/// Runs the command, and ends with its exit status.
pub(crate) async fn run(arguments: RunArgs, _output: Output) -> Result<(), Error> {
    let workspace = Workspace::open(&arguments.config).await?;
    let (_, parts) = secret::open(&workspace, &arguments.name).await?;
    let snapshot = workspace.find(&arguments.name).await?;
    let descriptor = workspace.descriptor(&snapshot.vendor).await?;
    let [program, rest @ ..] = arguments.command.as_slice() else {
        return Err(Error::usage("give a command after `--`"));
    };
    let mut command = tokio::process::Command::new(program);
    command.args(rest).stdin(Stdio::inherit()).kill_on_drop(false);
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
    let mut child = command
        .spawn()
        .map_err(|error| Error::new("command", format!("{} cannot be run ({error})", quoted(&shown))))?;
    // The terminal sends its signals to the command too: what it does then is its own affair.
    let signals = crate::signals::Signals::take_over()?;
    let status = signals.ignore_while(child.wait()).await;
    let status = status.map_err(|error| Error::new("command", format!("{} is lost ({error})", quoted(&shown))))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(Error::reported().with_exit_status(u8::try_from(code).unwrap_or(1))),
        None => Err(Error::reported().with_exit_status(128 + signal(status))),
    }
}

#[cfg(unix)]
fn signal(status: std::process::ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal().and_then(|signal| u8::try_from(signal).ok()).unwrap_or_default()
}

#[cfg(not(unix))]
fn signal(_: std::process::ExitStatus) -> u8 {
    0
}

//! The commands that keep a store: credentials by their names, from the first generation to the last.

mod apply;
mod doctor;
mod history;
mod import;
mod init;
mod key;
mod look;
mod planning;
mod recover;
mod rotate;
mod run;
mod schema;
mod secret;
mod sweep;
mod workspace;

use std::path::PathBuf;

use clap::Subcommand;

use crate::error::Error;
use crate::output::Output;

/// The commands that keep a store.
#[derive(Debug, Subcommand)]
pub(crate) enum LifecycleCommand {
    /// Set up a key and a store
    Init(init::InitArgs),
    /// Show what `apply` would change. Exit status 2 when that is something
    Plan(planning::PlanArgs),
    /// Make credentials what keywright.toml says they shall be
    Apply(apply::ApplyArgs),
    /// List the credentials in the store
    List(ConfigArgs),
    /// Show a credential and its generations
    Show(look::ShowArgs),
    /// Show what needs attention. Exit status 1 when something does
    Status(ConfigArgs),
    /// Show the journal of a credential as a timeline
    History(history::HistoryArgs),
    /// Replace the secrets of credentials, the old ones working on until the new ones are in use
    Rotate(rotate::RotateArgs),
    /// Disable a credential at its vendor so that it can be enabled again
    Suspend(rotate::OneArgs),
    /// Enable a suspended credential again
    Resume(rotate::OneArgs),
    /// End all generations of a credential, and take it out of its sinks
    Revoke(rotate::RevokeArgs),
    /// Take over a credential that was made elsewhere, or those of a Terraform state
    Import(import::ImportArgs),
    /// Go on with what was interrupted, and settle what only a person can find out
    Recover(recover::RecoverArgs),
    /// Show what the vendors list, against what the store knows: orphans, foreign ones, unused ones
    Sweep(sweep::SweepArgs),
    /// Show secrets
    #[command(subcommand)]
    Secret(secret::SecretCommand),
    /// Run a command with the secret parts of a credential in its environment, under the vendor's own variable names
    Run(run::RunArgs),
    /// Replace the key that secrets are sealed under
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Look whether all that a rotation needs is there, and change nothing
    Doctor(ConfigArgs),
    /// Print the JSON Schema of keywright.toml
    Schema,
}

/// Where the configuration is.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct ConfigArgs {
    /// The path of keywright.toml; the store is in the same directory unless it says otherwise [default: ./keywright.toml]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// Runs one of them.
pub(crate) async fn run(command: LifecycleCommand, output: Output) -> Result<(), Error> {
    match command {
        LifecycleCommand::Init(arguments) => init::run(arguments, output).await,
        LifecycleCommand::Plan(arguments) => planning::run(arguments, output).await,
        LifecycleCommand::Apply(arguments) => apply::run(arguments, output).await,
        LifecycleCommand::List(arguments) => look::list(arguments, output).await,
        LifecycleCommand::Show(arguments) => look::show(arguments, output).await,
        LifecycleCommand::Status(arguments) => look::status(arguments, output).await,
        LifecycleCommand::History(arguments) => history::run(arguments, output).await,
        LifecycleCommand::Rotate(arguments) => rotate::rotate(arguments, output).await,
        LifecycleCommand::Suspend(arguments) => rotate::suspend(arguments, output).await,
        LifecycleCommand::Resume(arguments) => rotate::resume(arguments, output).await,
        LifecycleCommand::Revoke(arguments) => rotate::revoke(arguments, output).await,
        LifecycleCommand::Import(arguments) => import::run(arguments, output).await,
        LifecycleCommand::Recover(arguments) => recover::run(arguments, output).await,
        LifecycleCommand::Sweep(arguments) => sweep::run(arguments, output).await,
        LifecycleCommand::Secret(command) => secret::run(command, output).await,
        LifecycleCommand::Run(arguments) => run::run(arguments, output).await,
        LifecycleCommand::Key(command) => key::run(command, output).await,
        LifecycleCommand::Doctor(arguments) => doctor::run(arguments, output).await,
        LifecycleCommand::Schema => schema::run(output),
    }
}

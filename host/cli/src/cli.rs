//! The command line: its commands and flags, and how an invocation is carried out.

mod parse_error;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::adapter::{self, AdapterCommand};
use crate::call::{self, CallArgs};
use crate::demo::{self, DemoArgs};
use crate::error::Error;
use crate::lifecycle::{self, LifecycleCommand};
use crate::log;
use crate::output::{Format, Output};
use crate::simulate::{self, SimulateArgs};

/// API credentials at third-party vendors: made, verified, rotated and revoked through sandboxed adapters
#[derive(Debug, Parser)]
#[command(name = "keywright", version, arg_required_else_help = true, after_long_help = after_help())]
struct Cli {
    /// The form of results, and of errors
    #[arg(short, long, global = true, value_name = "FORMAT", value_enum, default_value_t)]
    output: Format,

    /// Log to standard error what is sent and answered, and what adapters write to theirs; twice for more. Without the
    /// flag KEYWRIGHT_LOG says the level: error, warn, info, debug or trace
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the whole life of a credential at each vendor, against the built-in simulators
    Demo(DemoArgs),
    /// Run the simulators of vendors until stopped
    Simulate(SimulateArgs),
    /// Show, explain and lock adapters
    #[command(subcommand)]
    Adapter(AdapterCommand),
    /// Make one call of an adapter, without a store: for scripts and for looking
    Call(Box<CallArgs>),
    #[command(flatten)]
    Lifecycle(LifecycleCommand),
}

fn after_help() -> String {
    let vendor = example_vendor();
    format!(
        "Examples:\n  keywright demo\n  keywright adapter inspect {vendor}\n  keywright simulate {vendor}\n  \
         keywright call {vendor} list\n\nExit status: 0 when done, 1 when it failed; of `call VENDOR verify` 0 when the \
         credential works, 3 when the vendor refuses it, 4 when its answer proves neither; 128 and the signal's number when \
         a signal ended it. Results go to standard output, everything else to standard error."
    )
}

/// The vendor that examples in help texts are about.
pub(crate) fn example_vendor() -> &'static str {
    keywright_adapters::all().first().map_or("VENDOR", |built_in| built_in.vendor)
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let (output, result) = match Cli::try_parse_from(&arguments) {
        Ok(cli) => (Output::new(cli.output), run(cli)),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                // A closed output is no error here.
                let _closed = error.print();
                return ExitCode::SUCCESS;
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                let _closed = error.print();
                return ExitCode::FAILURE;
            }
            _ => (Output::new(parse_error::requested_format(&arguments)), Err(parse_error::to_error(&error).into())),
        },
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output.error(&error);
            error.downcast_ref::<Error>().map_or(ExitCode::FAILURE, |error| error.exit_status().into())
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let output = Output::new(cli.output);
    log::start(cli.verbose)?;
    match cli.command {
        Command::Demo(arguments) => multi_threaded()?.block_on(demo::run(arguments, output))?,
        Command::Simulate(arguments) => multi_threaded()?.block_on(simulate::run(arguments, output))?,
        Command::Adapter(command) => multi_threaded()?.block_on(adapter::run(command, output))?,
        Command::Call(arguments) => single_threaded()?.block_on(call::run(*arguments, output))?,
        Command::Lifecycle(command) => {
            let runtime = multi_threaded()?;
            let ended = runtime.block_on(lifecycle::run(command, output));
            // After a second signal a sink that blocks is not waited for.
            runtime.shutdown_background();
            ended?;
        }
    }
    Ok(())
}

fn single_threaded() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().context("the event loop cannot be started")
}

fn multi_threaded() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the event loop cannot be started")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}

//! The command line: its commands and flags, and what becomes of an invocation.

mod refusal;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::adapter::{self, AdapterCommand};
use crate::call::{self, CallArgs};
use crate::demo::{self, DemoArgs};
use crate::error::Error;
use crate::output::{Format, Output};
use crate::simulate::{self, SimulateArgs};

/// API credentials at third-party vendors: made, verified, rotated and revoked through sandboxed adapters
#[derive(Debug, Parser)]
#[command(name = "keywright", version, arg_required_else_help = true, after_long_help = after_help())]
struct Cli {
    /// The form of results, and of errors
    #[arg(short, long, global = true, value_name = "FORMAT", value_enum, default_value_t)]
    output: Format,

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
}

fn after_help() -> String {
    let vendor = example_vendor();
    format!(
        "Examples:\n  keywright demo\n  keywright adapter inspect {vendor}\n  keywright simulate {vendor}\n  \
         keywright call {vendor} list\n\nExit status: 0 when done, 1 when it failed. Results go to standard output, \
         everything else to standard error."
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
                // Help that nobody reads any more needs no excuse.
                let _unread = error.print();
                return ExitCode::SUCCESS;
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                let _unread = error.print();
                return ExitCode::FAILURE;
            }
            _ => (Output::new(refusal::wanted_format(&arguments)), Err(refusal::of(&error))),
        },
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output.error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Error> {
    let output = Output::new(cli.output);
    match cli.command {
        Command::Demo(arguments) => threads()?.block_on(demo::run(arguments, output)),
        Command::Simulate(arguments) => threads()?.block_on(simulate::run(arguments, output)),
        Command::Adapter(command) => threads()?.block_on(adapter::run(command, output)),
        Command::Call(arguments) => one_thread()?.block_on(call::run(*arguments, output)),
    }
}

fn one_thread() -> Result<tokio::runtime::Runtime, Error> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| no_runtime(&error))
}

fn threads() -> Result<tokio::runtime::Runtime, Error> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| no_runtime(&error))
}

fn no_runtime(error: &std::io::Error) -> Error {
    Error::new("io", format!("the machine has no room for the program's threads ({error}): try again later"))
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

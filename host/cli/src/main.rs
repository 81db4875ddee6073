//! `keywright`: API credentials at third-party vendors, through sandboxed adapters.

mod account;
mod adapter;
mod call;
mod cli;
mod config;
mod consent;
mod demo;
mod error;
#[cfg(test)]
mod fixture;
mod lock;
mod output;
mod part_source;
mod schema;
mod simulate;
mod suggest;
mod table;
mod target;
mod text;
mod values;

use std::process::ExitCode;

fn main() -> ExitCode {
    output::tell_of_panics();
    cli::main()
}

//! `keywright`: API credentials at third-party vendors, through sandboxed adapters.

mod account;
mod adapter;
mod call;
mod cli;
mod config;
mod confirm;
mod demo;
mod error;
mod extra_grants;
#[cfg(test)]
mod fixture;
mod lifecycle;
mod lock;
mod log;
mod output;
mod schema;
mod shell;
mod signals;
mod simulate;
mod source;
mod suggest;
mod table;
mod target;
mod text;
mod values;

use std::process::ExitCode;

fn main() -> ExitCode {
    output::install_panic_hook();
    cli::main()
}

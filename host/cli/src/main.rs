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
mod trusted_place;
mod values;

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before anything else: this process is to compile, and to do nothing else.
    if std::env::args_os().nth(1).is_some_and(|argument| argument == target::COMPILE) {
        return keywright_runtime::compile_for_parent();
    }
    output::install_panic_hook();
    cli::main()
}

//! `keywright adapter`: which adapters there are, what each says of itself, and what each may do.

mod add;
mod explain;
mod inspect;
mod list;
mod remove;
mod sections;

use std::path::PathBuf;

use crate::error::Error;
use crate::lock::Lock;
use crate::output::Output;
use crate::target::{self, FileGrant, Target};

/// `keywright adapter …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum AdapterCommand {
    /// List the adapters that this program has, and those that keywright.lock names
    List {
        #[command(flatten)]
        lock: LockArgs,
    },
    /// Show everything that an adapter says of itself
    #[command(
        long_about = "Show everything that an adapter says of itself: its operations, the settings of an account, \
        the attributes of a credential, what a credential is made of, and the rules of what it may send. Nothing is sent."
    )]
    Inspect {
        /// A vendor's name, or the file of a component
        #[arg(value_name = "VENDOR|FILE")]
        adapter: String,

        /// For a file: let it import files and sockets, which are then empty and refused
        #[arg(long)]
        inert_wasi: bool,

        #[command(flatten)]
        lock: LockArgs,
    },
    /// Say which rule lets an adapter send a request, or what the nearest rules name instead
    Explain(Box<explain::ExplainArgs>),
    /// Let a third party's adapter be used: look at what it asks for, consent, and lock it in keywright.lock
    Add(add::AddArgs),
    /// Take a third party's adapter out of keywright.lock
    Remove(remove::RemoveArgs),
}

/// Which lock a command is about.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct LockArgs {
    /// Where keywright.toml is: keywright.lock is beside it [default: ./keywright.toml]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl LockArgs {
    fn read(&self) -> Result<Lock, Error> {
        Lock::beside(self.config.as_deref())
    }
}

/// Runs it.
pub(crate) async fn run(command: AdapterCommand, output: Output) -> Result<(), Error> {
    match command {
        AdapterCommand::List { lock } => list::run(&lock.read()?, output).await,
        AdapterCommand::Inspect { adapter, inert_wasi, lock } => {
            let target = find(&adapter, inert_wasi, &lock.read()?)?;
            inspect::show(&target.load(&target::engine()?).await?, output)
        }
        AdapterCommand::Explain(arguments) => explain::run(*arguments, output).await,
        AdapterCommand::Add(arguments) => add::run(arguments, output).await,
        AdapterCommand::Remove(arguments) => remove::run(&arguments, output),
    }
}

/// An adapter to be looked at.
fn find(text: &str, inert_wasi: bool, lock: &Lock) -> Result<Target, Error> {
    match Target::find(text, lock)? {
        Target::File(file, _) => Ok(Target::File(file, FileGrant { exposes_secrets: false, inert_wasi })),
        _ if inert_wasi => Err(Error::usage(
            "--inert-wasi goes with a component file that is not locked: leave it out, as this adapter has its grant",
        )),
        target => Ok(target),
    }
}

fn kilobytes(bytes: usize) -> String {
    format!("{} kB", bytes.div_ceil(1000))
}

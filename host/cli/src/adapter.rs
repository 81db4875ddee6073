//! `keywright adapter`: which adapters there are, how each describes itself, and what each may do.

mod add;
mod authentication;
mod explain;
mod inspect;
mod list;
mod remove;
mod sections;
mod traits;
mod visibility;

use std::path::PathBuf;

use crate::error::Error;
use crate::extra_grants::ExtraGrants;
use crate::lock::Lock;
use crate::output::Output;
use crate::target::{self, Target};

/// `keywright adapter …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum AdapterCommand {
    /// List the adapters that this program has, and those that keywright.lock names
    List {
        #[command(flatten)]
        lock: LockArgs,
    },
    /// Show how an adapter describes itself, and what it may do
    #[command(
        long_about = "Show how an adapter describes itself: its operations, the settings of an account, the parts of the \
        administrator's credential and of those that it issues, how requests are authenticated, the attributes of a \
        credential, the vendor's traits, and the rules of what it may send. Nothing is sent."
    )]
    Inspect {
        /// A vendor's name, or the file of a component
        #[arg(value_name = "VENDOR|FILE")]
        adapter: String,

        #[command(flatten)]
        file: FileArgs,

        #[command(flatten)]
        lock: LockArgs,
    },
    /// Say which rule allows an adapter to send a request, or how the nearest rules differ
    Explain(Box<explain::ExplainArgs>),
    /// Allow a third party's adapter: see what it asks for, consent to it, and lock it in keywright.lock
    Add(add::AddArgs),
    /// Remove a third party's adapter from keywright.lock
    Remove(remove::RemoveArgs),
}

/// Which lock a command is about.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct LockArgs {
    /// The path of keywright.toml; keywright.lock is in the same directory [default: ./keywright.toml]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl LockArgs {
    fn read(&self) -> Result<Lock, Error> {
        Lock::of_config(self.config.as_deref())
    }
}

/// How a component file that is not locked is loaded to be looked at.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct FileArgs {
    /// For a file that is not locked: allow it to import files and sockets, with nothing behind them
    #[arg(long)]
    inert_wasi: bool,

    /// For a file that is not locked: as if it were trusted with the administrator's credential, which adapters need that
    /// authenticate in a way the host does not carry out
    #[arg(long)]
    expose_administrator: bool,
}

/// Runs it.
pub(crate) async fn run(command: AdapterCommand, output: Output) -> Result<(), Error> {
    match command {
        AdapterCommand::List { lock } => list::run(&lock.read()?, output).await,
        AdapterCommand::Inspect { adapter, file, lock } => {
            let target = find(&adapter, file, &lock.read()?)?;
            inspect::show(&target.load(&target::engine()?).await?, output)
        }
        AdapterCommand::Explain(arguments) => explain::run(*arguments, output).await,
        AdapterCommand::Add(arguments) => add::run(arguments, output).await,
        AdapterCommand::Remove(arguments) => remove::run(&arguments, output),
    }
}

/// An adapter to be looked at.
fn find(text: &str, arguments: FileArgs, lock: &Lock) -> Result<Target, Error> {
    let FileArgs { inert_wasi, expose_administrator } = arguments;
    match Target::find(text, lock)? {
        Target::File(file, _) => {
            let extra = ExtraGrants { exposes_secrets: false, exposes_administrator: expose_administrator, inert_wasi };
            Ok(Target::File(file, extra))
        }
        _ if inert_wasi || expose_administrator => Err(Error::usage(
            "--inert-wasi and --expose-administrator go with a component file that is not locked: leave them out, as this \
             adapter has its grant",
        )),
        target => Ok(target),
    }
}

fn kilobytes(bytes: usize) -> String {
    format!("{} kB", bytes.div_ceil(1000))
}

//! `keywright recover`: goes on with what was interrupted.

use std::sync::Arc;

use keywright_lifecycle::Command;

use super::ConfigArgs;
use super::apply::{WaitArgs, finish, in_parallel};
use super::workspace::{Workspace, narrator};
use crate::error::Error;
use crate::output::Output;

#[derive(Debug, clap::Args)]
pub(crate) struct RecoverArgs {
    /// The credentials; without one, all that have something to go on with
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Settle what a generation was that only a person can find out: its number. With --id, or --absent
    #[arg(long, value_name = "GENERATION", requires = "names")]
    resolve: Option<u64>,

    /// Its id at the vendor, to be ended
    #[arg(long, value_name = "ID", requires = "resolve", conflicts_with = "absent")]
    id: Option<String>,

    /// The vendor made nothing
    #[arg(long, requires = "resolve")]
    absent: bool,

    #[command(flatten)]
    wait: WaitArgs,

    #[command(flatten)]
    config: ConfigArgs,
}

pub(crate) async fn run(arguments: RecoverArgs, output: Output) -> Result<(), Error> {
    let command = match (arguments.resolve, &arguments.id, arguments.absent) {
        (None, ..) => None,
        (Some(_), None, false) => {
            return Err(Error::usage("say what it was: --id ID, or --absent when the vendor made nothing"));
        }
        (Some(_), ..) if arguments.names.len() != 1 => {
            return Err(Error::usage("--resolve is about one credential: name it alone"));
        }
        (Some(generation), id, _) => Some(Command::Resolve { generation, vendor_id: id.clone() }),
    };
    let workspace = Arc::new(Workspace::open(&arguments.config).await?);
    let names = match arguments.names.is_empty() {
        false => arguments.names,
        true => {
            let waits = |it: &keywright_store::Summary| {
                it.operation.is_some() || it.doubtful + it.retiring > 0 || (it.problem.is_some() && !it.closed)
            };
            workspace.summaries().await?.into_iter().filter(waits).map(|it| it.name).collect()
        }
    };
    let driver = workspace.driver(arguments.wait.patience(), Some(narrator(output)));
    let results = in_parallel(&workspace, output, names, move |workspace, name: String| {
        let (driver, command) = (driver.clone(), command.clone());
        async move {
            let report = workspace.drive(&driver, &name, command, None).await;
            (name, report.map(Some))
        }
    })
    .await?;
    finish(&workspace, output, results)
}

//! `keywright rotate`, `suspend`, `resume` and `revoke`.

use std::sync::Arc;

use keywright_lifecycle::{Command, State};

use super::ConfigArgs;
use super::apply::{WaitArgs, finish, in_parallel};
use super::workspace::{Workspace, narrator};
use crate::confirm;
use crate::error::Error;
use crate::output::Output;
use crate::suggest::{instead, quoted};
use crate::text::series;
use crate::values::Pair;

#[derive(Debug, clap::Args)]
pub(crate) struct RotateArgs {
    /// The credentials
    #[arg(value_name = "NAME", required_unless_present_any = ["selector", "all"])]
    names: Vec<String>,

    /// Credentials with this label in keywright.toml; repeatable, all must fit
    #[arg(long, value_name = "LABEL=VALUE")]
    selector: Vec<Pair>,

    /// All credentials
    #[arg(long, conflicts_with_all = ["names", "selector"])]
    all: bool,

    /// The secrets in use are known to others: the old ones are ended as soon as the new ones are in use
    #[arg(long)]
    compromised: bool,

    /// End the secrets in use first: nothing works until the new ones are delivered
    #[arg(long, requires = "compromised")]
    revoke_first: bool,

    /// Accept that nothing works for a while, where a vendor lets only one credential live
    #[arg(long)]
    allow_downtime: bool,

    /// Why, for the journal
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// Do not ask
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    wait: WaitArgs,

    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct OneArgs {
    /// The credential
    #[arg(value_name = "NAME")]
    name: String,

    /// Why, for the journal
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    #[command(flatten)]
    wait: WaitArgs,

    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RevokeArgs {
    #[command(flatten)]
    one: OneArgs,

    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub(crate) async fn rotate(arguments: RotateArgs, output: Output) -> Result<(), Error> {
    let workspace = Arc::new(Workspace::open(&arguments.config).await?);
    let names = select(&workspace, &arguments).await?;
    if (names.len() > 1 || arguments.revoke_first) && !arguments.yes {
        let named = series(names.iter().map(|name| quoted(name)), "and");
        if !confirm::is_interactive() {
            return Err(Error::usage(format!("{named} would be rotated: say --yes")));
        }
        confirm::ask(&format!("{named} will be rotated. Go on?"))?;
    }
    let driver = workspace.driver(arguments.wait.patience(), Some(narrator(output)));
    let RotateArgs { compromised, revoke_first, allow_downtime, reason, .. } = arguments;
    let results = in_parallel(&workspace, output, names, move |workspace, name: String| {
        let (driver, reason) = (driver.clone(), reason.clone());
        async move {
            let result = async {
                let snapshot = workspace.find(&name).await?;
                let spec = spec(&workspace, &name, &snapshot.state).await?;
                let command = Command::Rotate { spec, reason, compromised, revoke_first, allow_downtime };
                workspace.drive(&driver, &name, Some(command), None).await.map(Some)
            }
            .await;
            (name, result)
        }
    })
    .await?;
    finish(&workspace, output, results)
}

/// What a credential shall be: as it is configured, or as it was when it is not any more.
async fn spec(workspace: &Workspace, name: &str, state: &State) -> Result<keywright_lifecycle::Spec, Error> {
    match workspace.config.credentials().get(name) {
        Some(configured) => {
            let target = workspace.target(&state.account).await?;
            workspace.spec(configured, &target)
        }
        None => Ok(state.spec.clone()),
    }
}

async fn select(workspace: &Workspace, arguments: &RotateArgs) -> Result<Vec<String>, Error> {
    let summaries = workspace.summaries().await?;
    let all: Vec<String> = summaries.iter().filter(|it| !it.closed).map(|it| it.name.clone()).collect();
    if arguments.all {
        return Ok(all);
    }
    if let Some(unknown) = arguments.names.iter().find(|name| !all.contains(name)) {
        let instead = instead(unknown, all.iter().map(String::as_str));
        return Err(Error::usage(format!("the store has no credential {}: {instead}", quoted(unknown))));
    }
    if arguments.selector.is_empty() {
        let mut names = arguments.names.clone();
        names.sort();
        names.dedup();
        return Ok(names);
    }
    let configured = workspace.config.credentials();
    let fits = |name: &String| {
        let labels = configured.get(name).map(|it| &it.labels);
        let has = |pair: &Pair| labels.is_some_and(|labels| labels.get(&pair.name) == Some(&pair.value));
        (arguments.names.is_empty() || arguments.names.contains(name)) && arguments.selector.iter().all(has)
    };
    let chosen: Vec<String> = all.into_iter().filter(fits).collect();
    if chosen.is_empty() {
        return Err(Error::usage("no credential has these labels: look at `labels` in keywright.toml"));
    }
    Ok(chosen)
}

pub(crate) async fn suspend(arguments: OneArgs, output: Output) -> Result<(), Error> {
    let command = Command::Suspend { reason: arguments.reason.clone() };
    one(&arguments, command, output).await
}

pub(crate) async fn resume(arguments: OneArgs, output: Output) -> Result<(), Error> {
    let command = Command::Resume { reason: arguments.reason.clone() };
    one(&arguments, command, output).await
}

pub(crate) async fn revoke(arguments: RevokeArgs, output: Output) -> Result<(), Error> {
    let name = &arguments.one.name;
    if !arguments.yes {
        if !confirm::is_interactive() {
            return Err(Error::usage(format!(
                "{} would be revoked, which cannot be taken back: say --yes",
                quoted(name)
            )));
        }
        confirm::ask(&format!("{} will be revoked, which cannot be taken back. Revoke?", quoted(name)))?;
    }
    let command = Command::Revoke { reason: arguments.one.reason.clone() };
    one(&arguments.one, command, output).await
}

async fn one(arguments: &OneArgs, command: Command, output: Output) -> Result<(), Error> {
    let workspace = Arc::new(Workspace::open(&arguments.config).await?);
    let driver = workspace.driver(arguments.wait.patience(), Some(narrator(output)));
    let jobs = [(arguments.name.clone(), command)];
    let results = in_parallel(&workspace, output, jobs, move |workspace, (name, command): (String, Command)| {
        let driver = driver.clone();
        async move {
            let report = workspace.drive(&driver, &name, Some(command), None).await;
            (name, report.map(Some))
        }
    })
    .await?;
    finish(&workspace, output, results)
}

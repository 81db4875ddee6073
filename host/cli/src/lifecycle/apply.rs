//! `keywright apply`: makes credentials what they shall be.

use std::sync::Arc;
use std::time::Duration;

use keywright_driver::{Driver, Report};
use keywright_lifecycle::{Action, Command};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::ConfigArgs;
use super::planning::{self, Overview, Planned};
use super::workspace::{PATIENCE, Workspace, narrator};
use crate::confirm;
use crate::error::Error;
use crate::output::Output;
use crate::suggest::quoted;
use crate::text::series;
use crate::values;

/// Credentials that are worked on at once.
const AT_ONCE: usize = 8;

#[derive(Debug, clap::Args)]
pub(crate) struct ApplyArgs {
    /// The credentials; all without one
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    #[command(flatten)]
    config: ConfigArgs,

    /// Revoke without asking what is not configured any more
    #[arg(long)]
    yes: bool,

    /// Accept that nothing works for a while, where a vendor lets only one credential live
    #[arg(long)]
    allow_downtime: bool,

    #[command(flatten)]
    wait: WaitArgs,
}

/// How long to wait.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct WaitArgs {
    /// How long to wait for what is not due yet, such as the end of a grace [default: 60s]
    #[arg(long, value_name = "DURATION", value_parser = values::duration)]
    wait: Option<chrono::TimeDelta>,
}

impl WaitArgs {
    /// The time.
    pub(crate) fn patience(self) -> Duration {
        self.wait.and_then(|wait| wait.to_std().ok()).unwrap_or(PATIENCE)
    }
}

pub(crate) async fn run(arguments: ApplyArgs, output: Output) -> Result<(), Error> {
    let workspace = Arc::new(Workspace::open(&arguments.config).await?);
    let overview = planning::overview(&workspace, &arguments.names).await?;
    if !output.is_json() {
        planning::show(output, &overview)?;
    }
    ask(&workspace, &overview, &arguments)?;
    let driver = workspace.driver(arguments.wait.patience(), Some(narrator(output)));
    let jobs = overview.credentials.into_iter().map(|planned| (planned, arguments.allow_downtime));
    let results = in_parallel(&workspace, output, jobs, move |workspace, (planned, allow_downtime)| {
        let driver = driver.clone();
        async move {
            let name = planned.name.clone();
            (name, apply(&workspace, &driver, planned, allow_downtime).await)
        }
    })
    .await?;
    finish(&workspace, output, results)
}

/// What cannot be taken back is asked for.
fn ask(workspace: &Workspace, overview: &Overview, arguments: &ApplyArgs) -> Result<(), Error> {
    let of = |wanted: fn(&Action) -> bool| {
        let credentials = overview.credentials.iter().filter(move |it| wanted(&it.plan.action));
        credentials.map(|it| quoted(&it.name)).collect::<Vec<_>>()
    };
    let cuts = of(|action| matches!(action, Action::Rotate { cut: true }));
    if !cuts.is_empty() && !arguments.allow_downtime {
        return Err(Error::usage(format!(
            "{} can only be rotated with a cut, for its vendor lets one live at a time: allow it with --allow-downtime, or \
             name the others",
            series(cuts, "and")
        )));
    }
    let revoked = of(|action| matches!(action, Action::Revoke));
    if revoked.is_empty() || arguments.yes {
        return Ok(());
    }
    let named = series(revoked, "and");
    if !confirm::is_interactive() {
        return Err(Error::usage(format!(
            "{named} would be revoked, which cannot be taken back: say --yes, or put it back into {}",
            workspace.path().display()
        )));
    }
    confirm::ask(&format!("{named} would be revoked, which cannot be taken back. Revoke?"))
}

/// Does what is planned for one credential.
async fn apply(
    workspace: &Workspace,
    driver: &Driver,
    planned: Planned,
    allow_downtime: bool,
) -> Result<Option<Report>, Error> {
    let Planned { name, account, spec, plan } = planned;
    let command = match (plan.action, spec) {
        (Action::Blocked(why), _) => return Err(Error::new("blocked", format!("{}: {why}", quoted(&name)))),
        (Action::Nothing, _) => {
            // What an old generation waits for may be due.
            let snapshot = workspace.find(&name).await;
            let waits = snapshot.is_ok_and(|snapshot| snapshot.state.retiring().next().is_some());
            if !waits {
                return Ok(None);
            }
            None
        }
        (Action::Continue, _) => None,
        (Action::Create, Some(spec)) => {
            let target = workspace.target(&account).await?;
            workspace.register(&name, &account, &target).await?;
            Some(Command::Create { spec, reason: Some("apply".to_owned()) })
        }
        (Action::Respecify, Some(spec)) => Some(Command::Respecify { spec }),
        (Action::Update { patch }, Some(spec)) => Some(Command::Update { spec, patch }),
        (Action::Rotate { .. }, Some(spec)) => Some(Command::Rotate {
            spec,
            reason: Some(plan.reasons.first().cloned().unwrap_or_else(|| "attributes".to_owned())),
            compromised: false,
            revoke_first: false,
            allow_downtime,
        }),
        (Action::Revoke, _) => Some(Command::Revoke { reason: Some("not configured any more".to_owned()) }),
        // What is not configured is revoked, or nothing.
        (Action::Create | Action::Respecify | Action::Update { .. } | Action::Rotate { .. }, None) => return Ok(None),
    };
    workspace.drive(driver, &name, command, None).await.map(Some)
}

/// The name of a credential, and what came of it.
pub(crate) type Worked = (String, Result<Option<Report>, Error>);

/// Works on many credentials, a few at a time. A first signal lets each finish its step.
pub(crate) async fn in_parallel<J, F, W>(
    workspace: &Arc<Workspace>,
    output: Output,
    jobs: impl IntoIterator<Item = J>,
    work: W,
) -> Result<Vec<Worked>, Error>
where
    J: Send + 'static,
    W: Fn(Arc<Workspace>, J) -> F + Clone + Send + 'static,
    F: Future<Output = Worked> + Send + 'static,
{
    let signals = crate::signals::Signals::take_over()?;
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = JoinSet::new();
    for job in jobs {
        let (workspace, permits, work) = (workspace.clone(), permits.clone(), work.clone());
        tasks.spawn(async move {
            // It is never closed.
            let _permit = permits.acquire_owned().await;
            work(workspace, job).await
        });
    }
    let stop = workspace.stop.clone();
    let all = async {
        let (mut results, mut broken) = (Vec::new(), false);
        while let Some(result) = tasks.join_next().await {
            match result {
                Ok(worked) => results.push(worked),
                // The others are to end what they have begun.
                Err(_) => broken = true,
            }
        }
        match broken {
            true => Err(Error::new("bug", "a task broke down: report it, and look at `keywright status`")),
            false => Ok(results),
        }
    };
    let outlasted =
        signals.finish_step(output, move || stop.store(true, std::sync::atomic::Ordering::SeqCst), all).await;
    let mut results: Vec<Worked> = outlasted.map_err(|interrupted| {
        Error::new(
            "interrupted",
            format!(
                "{}: ended at once: what was under way is found out by `keywright recover{}`",
                interrupted.signal,
                workspace.config_flag()
            ),
        )
        .with_exit_status(128 + interrupted.number)
    })??;
    results.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(results)
}

/// Says what came of each, and fails when one failed.
pub(crate) fn finish(workspace: &Workspace, output: Output, results: Vec<Worked>) -> Result<(), Error> {
    let mut failures = Vec::new();
    let mut json = Vec::new();
    for (name, result) in results {
        let result = result.and_then(|report| {
            if let Some(report) = &report {
                workspace.judge(&name, report)?;
            }
            Ok(report)
        });
        match result {
            Ok(None) => json.push(json!({ "name": name, "outcome": "unchanged" })),
            Ok(Some(report)) => json.push(done(&name, &report)),
            Err(error) => {
                json.push(json!({ "name": name, "outcome": "failed", "error": error.to_json()["error"] }));
                failures.push(error);
            }
        }
    }
    if output.is_json() {
        output.json(&json!({ "credentials": json }))?;
    }
    match failures.len() {
        0 => Ok(()),
        1 if !output.is_json() => Err(failures.remove(0)),
        _ => {
            if !output.is_json() {
                for failure in &failures {
                    output.note(&format!("error: {failure}"));
                }
            }
            Err(Error::reported())
        }
    }
}

fn done(name: &str, report: &Report) -> Value {
    let state = &report.state;
    let current = state.current();
    json!({
        "name": name,
        "outcome": "done",
        "generation": state.current,
        "id": current.and_then(|current| current.vendor_id.as_ref()),
        "retiring": state.retiring().map(|old| old.number).collect::<Vec<_>>(),
        "warnings": current.map(|current| &current.warnings),
    })
}

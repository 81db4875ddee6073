//! `keywright sweep`: what the vendor lists, against what the store knows.

use std::collections::BTreeSet;

use keywright_driver::Target;
use keywright_lifecycle::{Class, Finding, Listed, Registered, SweepPolicy, classify};
use keywright_runtime::{Filter, Operation};
use serde_json::{Value, json};

use super::ConfigArgs;
use super::workspace::{Workspace, store};
use crate::confirm;
use crate::error::Error;
use crate::output::Output;
use crate::suggest::quoted;
use crate::table::Table;
use crate::values;

#[derive(Debug, clap::Args)]
pub(crate) struct SweepArgs {
    /// The accounts; all without one
    #[arg(value_name = "ACCOUNT")]
    accounts: Vec<String>,

    /// Disable what carries the marker of this installation and belongs to no credential
    #[arg(long, conflicts_with = "delete")]
    disable: bool,

    /// Delete it
    #[arg(long)]
    delete: bool,

    /// Do not ask
    #[arg(long)]
    yes: bool,

    /// How old it must be to be disabled or deleted
    #[arg(long, value_name = "DURATION", value_parser = values::duration, default_value = "1h")]
    least_age: chrono::TimeDelta,

    /// Report what was not used for this long
    #[arg(long, value_name = "DURATION", value_parser = values::duration, default_value = "90d")]
    unused_after: chrono::TimeDelta,

    #[command(flatten)]
    config: ConfigArgs,
}

/// What was found in one account.
struct Swept {
    account: String,
    findings: Vec<Finding>,
    /// Items of the list that could not be read.
    unreadable: usize,
}

pub(crate) async fn run(arguments: SweepArgs, output: Output) -> Result<(), Error> {
    let workspace = Workspace::open(&arguments.config).await?;
    let accounts: Vec<String> = match arguments.accounts.is_empty() {
        true => workspace.config.account_names().map(str::to_owned).collect(),
        false => arguments.accounts.clone(),
    };
    let mut swept = Vec::new();
    for account in &accounts {
        let target = workspace.target(account).await?;
        swept.push(look(&workspace, account, &target, &arguments).await?);
    }
    if output.is_json() && !arguments.disable && !arguments.delete {
        return output.json(&json!({ "accounts": swept.iter().map(to_json).collect::<Vec<_>>() }));
    }
    if !output.is_json() {
        output.text(&table(&swept))?;
    }
    for it in swept.iter().filter(|it| it.unreadable > 0) {
        output.warn(&format!("{}: {} credentials of the vendor cannot be read", it.account, it.unreadable));
    }
    if arguments.disable || arguments.delete {
        end(&workspace, &swept, &arguments, output).await?;
    }
    Ok(())
}

async fn look(workspace: &Workspace, account: &str, target: &Target, arguments: &SweepArgs) -> Result<Swept, Error> {
    if !target.descriptor().supports(Operation::List) {
        return Err(Error::new(
            "unsupported",
            format!("{} has no list: look there by hand", quoted(&target.descriptor().vendor)),
        ));
    }
    let seconds = |delta: chrono::TimeDelta| u64::try_from(delta.num_seconds()).unwrap_or_default();
    let facts = target.facts();
    let policy = SweepPolicy {
        least_age: seconds(arguments.least_age).max(u64::from(facts.consistency_delay)),
        unused_after: seconds(arguments.unused_after),
        last_used_within: facts.last_used.map(|it| u64::from(it.precision) + u64::from(it.lag)),
    };
    let (_, filters) = registered(workspace, account, target).await?;
    let mut listed = Vec::new();
    let mut unreadable = 0;
    for filter in filters {
        let page = target.account.list_pages(&filter).await.map_err(|error| {
            Error::from(error).within(&format!("the credentials of {} cannot be listed", quoted(account)))
        })?;
        unreadable += page.unreadable.len();
        for credential in page.credentials {
            let (marker, since) = (credential.marker.clone(), credential.created_at.instant());
            let (vendor_id, seen) = keywright_driver::observation(credential);
            listed.push(Listed { vendor_id, marker, since, expiry: seen.expiry, last_used_at: seen.last_used_at });
        }
    }
    // After the list: what was made while it was read is known by now.
    let (registered, _) = registered(workspace, account, target).await?;
    let now = workspace.store.now().await.map_err(store)?;
    let in_use = registered.iter().filter(|it| it.status.may_live()).filter_map(|it| it.vendor_id.clone());
    let protected: BTreeSet<String> = target.own_ids.iter().cloned().chain(in_use).collect();
    let is_ours = |marker: &str| workspace.vault.is_ours(marker);
    let findings = classify(now, &listed, &registered, &is_ours, &protected, &policy);
    Ok(Swept { account: account.to_owned(), findings, unreadable })
}

/// All generations of an account, and the filters that its vendor demands of a list.
async fn registered(
    workspace: &Workspace,
    account: &str,
    target: &Target,
) -> Result<(Vec<Registered>, Vec<Filter>), Error> {
    let (mut registered, mut attributes) = (Vec::new(), Vec::new());
    // Two accounts of the configuration may be one at the vendor: what lives in another is known, too.
    let vendor = &target.descriptor().vendor;
    for summary in workspace.summaries().await?.into_iter().filter(|it| it.vendor == *vendor) {
        let Some(snapshot) = workspace.store.find(&summary.name).await.map_err(store)? else { continue };
        let state = snapshot.state;
        let is_here = state.account == account;
        let known = state.generations.values().filter(|generation| is_here || generation.status.may_live());
        registered.extend(known.map(|generation| Registered {
            credential: state.name.clone(),
            generation: generation.number,
            status: generation.status,
            vendor_id: generation.vendor_id.clone(),
            marker: generation.marker.clone(),
            candidates: generation.found.clone(),
        }));
        if is_here {
            attributes.push(state.spec.attributes);
        }
    }
    let configured = workspace.config.credentials().values().filter(|it| it.account == account);
    let filters = target.list_filters(attributes.iter().chain(configured.map(|it| &it.spec.attributes)));
    Ok((registered, filters))
}

/// Ends what may be ended, after a question.
async fn end(workspace: &Workspace, swept: &[Swept], arguments: &SweepArgs, output: Output) -> Result<(), Error> {
    let verb = if arguments.delete { "deleted" } else { "disabled" };
    let all = swept.iter().flat_map(|it| it.findings.iter().map(move |finding| (it.account.as_str(), finding)));
    let targets: Vec<(&str, &Finding)> = all.filter(|(_, finding)| finding.may_end).collect();
    if targets.is_empty() {
        output.note("Nothing is there that may be ended.");
        return Ok(());
    }
    if !arguments.yes {
        let question = format!("{} of this installation that belong to no credential would be {verb}", targets.len());
        if !confirm::is_interactive() {
            return Err(Error::usage(format!("{question}: say --yes")));
        }
        confirm::ask(&format!("{question}. Go on?"))?;
    }
    let (mut ended, mut failed) = (Vec::new(), Vec::new());
    for (account, finding) in targets {
        let target = workspace.target(account).await?;
        let id = &finding.vendor_id;
        let done = match arguments.delete {
            true => target.account.revoke(id).await,
            false => target.account.set_enabled(id, false).await.map(drop),
        };
        match done.map_err(Error::from) {
            Ok(()) => {
                output.note(&format!("{account}: {id} is {verb}"));
                ended.push(json!({ "account": account, "id": id, "action": verb }));
            }
            // The others are ended all the same.
            Err(error) => {
                output.note(&format!("error: {account}: {id} is not {verb}: {error}"));
                failed.push(json!({ "account": account, "id": id, "error": error.to_json()["error"] }));
            }
        }
    }
    if output.is_json() {
        output.json(&json!({ "ended": ended, "failed": failed }))?;
    }
    if failed.is_empty() { Ok(()) } else { Err(Error::reported()) }
}

fn table(swept: &[Swept]) -> String {
    let mut table = Table::with_heading(["ACCOUNT", "ID", "WHAT", "AGE", "NOTE"]);
    for it in swept {
        for finding in &it.findings {
            table.row([
                it.account.clone(),
                finding.vendor_id.clone(),
                words(&finding.class),
                finding.age.map_or_else(|| "-".to_owned(), |age| format!("{}d", age / 86_400)),
                notes(finding).join(", "),
            ]);
        }
    }
    table.to_text()
}

fn words(class: &Class) -> String {
    match class {
        Class::Current(credential, generation) => format!("{credential}, generation {generation}, in use"),
        Class::Retiring(credential, generation) => format!("{credential}, generation {generation}, retiring"),
        Class::Pending(credential, generation) => format!("{credential}, generation {generation}, under way"),
        Class::Unresolved(credential, generation) => format!("perhaps {credential}, generation {generation}"),
        Class::Stale(credential, generation) => {
            format!("{credential}, generation {generation}, ended and still listed")
        }
        Class::Orphaned => "orphaned: of this installation, and of no credential".to_owned(),
        Class::Foreign => "foreign".to_owned(),
    }
}

fn name(class: &Class) -> &'static str {
    match class {
        Class::Current(..) => "current",
        Class::Retiring(..) => "retiring",
        Class::Pending(..) => "pending",
        Class::Unresolved(..) => "unresolved",
        Class::Stale(..) => "stale",
        Class::Orphaned => "orphaned",
        Class::Foreign => "foreign",
    }
}

fn notes(finding: &Finding) -> Vec<String> {
    let mut notes = Vec::new();
    if finding.never_expires {
        notes.push("never expires".to_owned());
    }
    if finding.expired {
        notes.push("expired".to_owned());
    }
    if let Some(seconds) = finding.unused_for {
        notes.push(format!("unused for {} days", seconds / 86_400));
    }
    if finding.may_end {
        notes.push("may be ended".to_owned());
    }
    notes
}

fn to_json(swept: &Swept) -> Value {
    let finding = |it: &Finding| {
        let (credential, generation) = match &it.class {
            Class::Current(credential, generation)
            | Class::Retiring(credential, generation)
            | Class::Pending(credential, generation)
            | Class::Unresolved(credential, generation)
            | Class::Stale(credential, generation) => (Some(credential), Some(generation)),
            Class::Orphaned | Class::Foreign => (None, None),
        };
        json!({
            "id": it.vendor_id, "class": name(&it.class), "credential": credential, "generation": generation,
            "age": it.age, "never_expires": it.never_expires, "expired": it.expired, "unused_for": it.unused_for,
            "may_end": it.may_end,
        })
    };
    json!({
        "account": swept.account,
        "unreadable": swept.unreadable,
        "findings": swept.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

//! `keywright plan`: what would change.

use std::collections::{BTreeMap, BTreeSet};

use keywright_driver::Target;
use keywright_lifecycle::{Action, Change, Observation, Plan, Seen, Spec, State, Wish, next_rotation, plan};
use keywright_runtime::Operation;
use serde_json::{Value, json};

use super::ConfigArgs;
use super::workspace::{Workspace, store};
use crate::error::Error;
use crate::output::Output;
use crate::suggest::{instead, quoted};

#[derive(Debug, clap::Args)]
pub(crate) struct PlanArgs {
    /// The credentials; all without one
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    #[command(flatten)]
    config: ConfigArgs,
}

/// What would be done about one credential.
pub(crate) struct Planned {
    /// Its name.
    pub(crate) name: String,
    /// Its account.
    pub(crate) account: String,
    /// What it shall be; none when it is not configured any more.
    pub(crate) spec: Option<Spec>,
    /// What would be done.
    pub(crate) plan: Plan,
}

/// What would be done about all of them.
pub(crate) struct Overview {
    /// Each.
    pub(crate) credentials: Vec<Planned>,
    /// How many objects at the vendors belong to none, by account. They are not touched.
    pub(crate) foreign: BTreeMap<String, usize>,
}

pub(crate) async fn run(arguments: PlanArgs, output: Output) -> Result<(), Error> {
    let workspace = Workspace::open(&arguments.config).await?;
    let overview = overview(&workspace, &arguments.names).await?;
    show(output, &overview)?;
    let blocked = overview.credentials.iter().any(|it| matches!(it.plan.action, Action::Blocked(_)));
    if blocked {
        return Err(Error::reported());
    }
    match overview.credentials.iter().any(|it| it.plan.changes_something()) {
        true => Err(Error::reported().with_exit_status(2)),
        false => Ok(()),
    }
}

/// Plans: one list for each account, where the vendor has one.
pub(crate) async fn overview(workspace: &Workspace, names: &[String]) -> Result<Overview, Error> {
    let known: BTreeMap<String, String> =
        workspace.summaries().await?.into_iter().map(|summary| (summary.name, summary.account)).collect();
    check_accounts(workspace, &known).await?;
    let configured = workspace.config.credentials();
    let mut all: BTreeSet<&str> = configured.keys().chain(known.keys()).map(String::as_str).collect();
    if let Some(unknown) = names.iter().find(|name| !all.contains(name.as_str())) {
        let instead = instead(unknown, all.iter().copied());
        return Err(Error::usage(format!("there is no credential {}: {instead}", quoted(unknown))));
    }
    if !names.is_empty() {
        all.retain(|name| names.iter().any(|it| it == name));
    }
    let mut by_account: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in all {
        // The store goes before the configuration: an account cannot be changed under a credential.
        let account = known.get(name).or_else(|| configured.get(name).map(|it| &it.account));
        by_account.entry(account.map_or("", String::as_str)).or_default().push(name);
    }
    let mut overview = Overview { credentials: Vec::new(), foreign: BTreeMap::new() };
    for (account, names) in by_account {
        plan_account(workspace, account, &names, &mut overview).await?;
    }
    overview.credentials.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(overview)
}

/// An account cannot be dropped while something of it lives: nothing could end that any more.
async fn check_accounts(workspace: &Workspace, known: &BTreeMap<String, String>) -> Result<(), Error> {
    let configured: BTreeSet<&str> = workspace.config.account_names().collect();
    for (name, account) in known {
        if configured.contains(account.as_str()) {
            continue;
        }
        let lives = workspace.store.find(name).await.map_err(store)?.is_some_and(|it| it.state.is_active());
        if lives {
            return Err(Error::config(format!(
                "{} has no account {} any more, and the credential {} lives there: put it back, and revoke what lives \
                 there first",
                workspace.path().display(),
                quoted(account),
                quoted(name)
            )));
        }
    }
    Ok(())
}

/// A credential's name, what it shall be, and the store's id and state of it.
type Known = (String, Option<Spec>, Option<(String, State)>);

async fn plan_account(
    workspace: &Workspace,
    account: &str,
    names: &[&str],
    overview: &mut Overview,
) -> Result<(), Error> {
    if !workspace.config.account_names().any(|it| it == account) {
        // Nothing of it lives.
        return Ok(());
    }
    let target = workspace.target(account).await?;
    let mut states: Vec<Known> = Vec::new();
    for name in names {
        let found = workspace.store.find(name).await.map_err(store)?;
        if let Some(found) = &found {
            workspace.check_vendor(found, &target)?;
        }
        let state = found.map(|snapshot| (snapshot.id, snapshot.state));
        let configured = workspace.config.credentials().get(*name);
        if let (Some(configured), Some((_, state))) = (configured, &state)
            && configured.account != state.account
        {
            return Err(Error::config(format!(
                "{}, line {}: the credential {name} is in the account {}, and cannot move: revoke it first, or give the \
                 other one another name",
                workspace.path().display(),
                configured.line,
                quoted(&state.account)
            )));
        }
        let spec = configured.map(|configured| workspace.spec(configured, &target)).transpose()?;
        states.push(((*name).to_owned(), spec, state));
    }
    let shown = observe(&target, &states).await.map_err(|error| {
        error.within(&format!("the credentials of the account {} cannot be listed", quoted(account)))
    })?;
    let managed: BTreeSet<String> =
        target.known(&*workspace.store).await.map_err(store)?.into_iter().filter_map(|known| known.vendor_id).collect();
    if let Some((shown, _)) = &shown {
        let foreign = shown.keys().filter(|id| !managed.contains(*id) && !target.own_ids.contains(*id)).count();
        overview.foreign.insert(account.to_owned(), foreign);
    }
    let facts = target.facts();
    let now = workspace.store.now().await.map_err(store)?;
    for (name, spec, state) in states {
        let in_use = state.as_ref().and_then(|(_, state)| state.current());
        let id = in_use.and_then(|current| current.vendor_id.as_ref());
        // One that is newer than the vendor's delay may not be listed yet; and what could not be read may be this one.
        let delay = chrono::TimeDelta::seconds(facts.consistency_delay.into());
        let is_new = in_use.is_some_and(|it| it.acknowledged_at.unwrap_or(it.intended_at) + delay > now);
        let seen = match (&shown, id) {
            (Some((shown, complete)), Some(id)) => match shown.get(id) {
                Some(observation) => Seen::Shown(observation),
                None if !complete || is_new => Seen::NotAsked,
                None => Seen::Missing,
            },
            _ => Seen::NotAsked,
        };
        let due = match (&state, &spec) {
            (Some((id, state)), Some(spec)) => {
                // By what it shall be from now on.
                let state = State { spec: spec.clone(), ..state.clone() };
                next_rotation(&state, id, now)
            }
            _ => None,
        };
        let state = state.map(|(_, state)| state);
        let plan = plan(&Wish {
            spec: spec.as_ref(),
            state: state.as_ref(),
            seen,
            schema: &target.descriptor().attributes,
            facts: &facts,
            due,
            now,
        });
        overview.credentials.push(Planned { name, account: account.to_owned(), spec, plan });
    }
    Ok(())
}

/// What the vendor shows of all credentials of an account, and whether all of the list could be read; none where it has no
/// list.
async fn observe(target: &Target, states: &[Known]) -> Result<Option<(BTreeMap<String, Observation>, bool)>, Error> {
    if !target.descriptor().supports(Operation::List) {
        return Ok(None);
    }
    let attributes = states.iter().filter_map(|(_, spec, state)| {
        state.as_ref().map(|(_, state)| &state.spec.attributes).or(spec.as_ref().map(|it| &it.attributes))
    });
    let (mut shown, mut complete) = (BTreeMap::new(), true);
    for filter in target.list_filters(attributes) {
        let page = target.account.list_pages(&filter).await?;
        complete &= page.unreadable.is_empty();
        shown.extend(page.credentials.into_iter().map(keywright_driver::observation));
    }
    Ok(Some((shown, complete)))
}

/// Shows a plan.
pub(crate) fn show(output: Output, overview: &Overview) -> Result<(), Error> {
    if output.is_json() {
        let credentials: Vec<Value> = overview.credentials.iter().map(to_json).collect();
        return output.json(&json!({ "credentials": credentials, "foreign": overview.foreign }));
    }
    let mut text = String::new();
    let mut unchanged = 0;
    for planned in &overview.credentials {
        let plan = &planned.plan;
        if plan.action == Action::Nothing && plan.drift.is_empty() {
            unchanged += 1;
            continue;
        }
        text.push_str(&format!("{} {}: {}\n", sign(&plan.action), planned.name, words(&plan.action)));
        for change in &plan.changes {
            text.push_str(&format!("    {}\n", change_words(change)));
        }
        for reason in &plan.reasons {
            text.push_str(&format!("    because {reason}\n"));
        }
        for drift in &plan.drift {
            text.push_str(&format!("    drift: {drift}\n"));
        }
    }
    text.push_str(&format!("{unchanged} unchanged"));
    for (account, foreign) in overview.foreign.iter().filter(|(_, foreign)| **foreign > 0) {
        text.push_str(&format!("; {foreign} at {account} are not managed here, and are not touched"));
    }
    text.push('\n');
    output.text(&text)
}

fn sign(action: &Action) -> char {
    match action {
        Action::Nothing => ' ',
        Action::Create => '+',
        Action::Revoke => '-',
        Action::Rotate { .. } => '±',
        Action::Update { .. } | Action::Respecify | Action::Continue => '~',
        Action::Blocked(_) => '!',
    }
}

fn words(action: &Action) -> String {
    match action {
        Action::Nothing => "nothing to change".to_owned(),
        Action::Continue => "go on with what was interrupted".to_owned(),
        Action::Create => "create".to_owned(),
        Action::Respecify => "take over the policy and the sinks".to_owned(),
        Action::Update { .. } => "change in place".to_owned(),
        Action::Rotate { cut: false } => "rotate, the old secret working on for its grace".to_owned(),
        Action::Rotate { cut: true } => {
            "rotate with a cut: nothing works until the new secret is delivered (needs --allow-downtime)".to_owned()
        }
        Action::Revoke => "revoke: it is not in the configuration any more".to_owned(),
        Action::Blocked(why) => why.clone(),
    }
}

/// The name of an action, for programs.
fn name(action: &Action) -> &'static str {
    match action {
        Action::Nothing => "nothing",
        Action::Continue => "continue",
        Action::Create => "create",
        Action::Respecify => "respecify",
        Action::Update { .. } => "update",
        Action::Rotate { cut: false } => "rotate",
        Action::Rotate { cut: true } => "rotate-with-cut",
        Action::Revoke => "revoke",
        Action::Blocked(_) => "blocked",
    }
}

fn change_words(change: &Change) -> String {
    let shown = |value: &Option<Value>| match value {
        _ if change.secret => "(secret)".to_owned(),
        Some(value) => value.to_string(),
        None => "(not set)".to_owned(),
    };
    let how = if change.replaces { " (only a new generation can have it)" } else { "" };
    format!("{}: {} -> {}{how}", change.attribute, shown(&change.from), shown(&change.to))
}

fn to_json(planned: &Planned) -> Value {
    let change = |change: &Change| {
        json!({
            "attribute": change.attribute,
            "from": change.from,
            "to": change.to.as_ref().filter(|_| !change.secret),
            "replaces": change.replaces,
        })
    };
    let mut json = json!({
        "name": planned.name,
        "account": planned.account,
        "action": name(&planned.plan.action),
        "changes": planned.plan.changes.iter().map(change).collect::<Vec<_>>(),
        "reasons": planned.plan.reasons,
        "drift": planned.plan.drift,
    });
    if let Action::Blocked(why) = &planned.plan.action {
        json["message"] = json!(why);
    }
    json
}

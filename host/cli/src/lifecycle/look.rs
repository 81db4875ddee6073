//! `keywright list`, `show` and `status`: what is in the store. No vendor is asked.

use chrono::{DateTime, Utc};
use keywright_lifecycle::{Expiry, Generation, RetirementStage, Status};
use keywright_store::{Snapshot, Summary};
use serde_json::{Value, json};

use super::ConfigArgs;
use super::workspace::{moment, open_store, read_config, store};
use crate::error::Error;
use crate::lock::config_flag;
use crate::output::Output;
use crate::suggest::{instead, quoted};
use crate::table::Table;
use crate::text::one_line;

#[derive(Debug, clap::Args)]
pub(crate) struct ShowArgs {
    /// The credential
    #[arg(value_name = "NAME")]
    name: String,

    #[command(flatten)]
    config: ConfigArgs,
}

/// A credential of the store, without the keys.
pub(super) async fn find(config: &ConfigArgs, name: &str) -> Result<Snapshot, Error> {
    let (_, config) = read_config(config)?;
    let opened = open_store(&config)?;
    if let Some(found) = opened.find(name).await.map_err(store)? {
        return Ok(found);
    }
    let page = opened.page(None, 10_000).await.map_err(store)?;
    let instead = instead(name, page.credentials.iter().map(|it| it.name.as_str()));
    Err(Error::new("unknown-credential", format!("the store has no credential {}: {instead}", quoted(name))))
}

/// One line for each, as the store gives them.
pub(crate) async fn list(arguments: ConfigArgs, output: Output) -> Result<(), Error> {
    let (_, config) = read_config(&arguments)?;
    let opened = open_store(&config)?;
    let now = opened.now().await.map_err(store)?;
    let mut after: Option<String> = None;
    let mut first = true;
    loop {
        let page = opened.page(after.as_deref(), 1_000).await.map_err(store)?;
        if output.is_json() {
            for summary in &page.credentials {
                output.json_line(&to_json(summary))?;
            }
        } else {
            let mut table = match first {
                true => Table::with_heading(["NAME", "VENDOR", "ACCOUNT", "STATE", "ID", "AGE", "EXPIRES"]),
                false => Table::default(),
            };
            for summary in &page.credentials {
                table.row([
                    summary.name.clone(),
                    summary.vendor.clone(),
                    summary.account.clone(),
                    state_words(summary),
                    summary.vendor_id.clone().unwrap_or_else(|| "-".to_owned()),
                    summary.promoted_at.map_or_else(|| "-".to_owned(), |since| age(now, since)),
                    summary.expires_at.map_or_else(|| "-".to_owned(), moment),
                ]);
            }
            output.text(&table.to_text())?;
        }
        first = false;
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

fn to_json(summary: &Summary) -> Value {
    json!({
        "name": summary.name,
        "vendor": summary.vendor,
        "account": summary.account,
        "state": state_words(summary),
        "generation": summary.current,
        "id": summary.vendor_id,
        "promoted_at": summary.promoted_at.map(moment),
        "expires_at": summary.expires_at.map(moment),
        "operation": summary.operation,
        "retiring": summary.retiring,
        "doubtful": summary.doubtful,
        "suspended": summary.suspended,
        "problem": summary.problem,
        "due": summary.due.map(moment),
    })
}

/// The state of a credential in one or two words.
fn state_words(summary: &Summary) -> String {
    match (&summary.operation, summary.current) {
        _ if summary.closed => "revoked".to_owned(),
        (Some(operation), _) => format!("{operation} under way"),
        _ if summary.doubtful > 0 => "in doubt".to_owned(),
        _ if summary.suspended => "suspended".to_owned(),
        (None, Some(_)) if summary.retiring > 0 => "in use, one retiring".to_owned(),
        (None, Some(_)) => "in use".to_owned(),
        (None, None) => "not there".to_owned(),
    }
}

/// How long ago, in its greatest unit.
fn age(now: DateTime<Utc>, since: DateTime<Utc>) -> String {
    let seconds = (now - since).num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

pub(crate) async fn show(arguments: ShowArgs, output: Output) -> Result<(), Error> {
    let snapshot = find(&arguments.config, &arguments.name).await?;
    let state = &snapshot.state;
    if output.is_json() {
        let mut json = json!(state);
        json["vendor"] = json!(snapshot.vendor);
        json["due"] = json!(snapshot.due.map(moment));
        return output.json(&json);
    }
    let mut text = String::new();
    let mut field = |name: &str, value: String| text.push_str(&format!("{name:<12}{}\n", one_line(&value)));
    field("name", state.name.clone());
    field("vendor", snapshot.vendor.clone());
    field("account", state.account.clone());
    if let Some(operation) = &state.operation {
        field("operation", format!("{} since {}", operation.kind.name(), moment(operation.begun_at)));
        if let Some(problem) = &operation.problem {
            field("problem", problem.clone());
        }
    }
    if state.suspended {
        field("suspended", "yes".to_owned());
    }
    if !state.spec.publish.is_empty() {
        field("sinks", state.spec.publish.join(", "));
    }
    for (name, value) in &state.spec.attributes {
        field("", format!("{name} = {value}"));
    }
    text.push('\n');
    let mut table = Table::with_heading(["GENERATION", "STATE", "ID", "SINCE", "EXPIRES", "NOTE"]);
    for generation in state.generations.values().rev() {
        table.row([
            generation.number.to_string(),
            generation.status.to_string(),
            generation.vendor_id.clone().unwrap_or_else(|| "-".to_owned()),
            moment(generation.promoted_at.unwrap_or(generation.intended_at)),
            expiry(&generation.expiry),
            note(generation),
        ]);
    }
    text.push_str(&table.to_text());
    output.text(&text)?;
    for warning in state.current().into_iter().flat_map(|current| &current.warnings) {
        output.warn(&warning.message);
    }
    Ok(())
}

fn expiry(expiry: &Expiry) -> String {
    match expiry {
        Expiry::Never => "never".to_owned(),
        Expiry::At(at) => moment(*at),
        Expiry::Unreadable(text) => format!("unreadable: {text}"),
    }
}

fn note(generation: &Generation) -> String {
    let mut notes = Vec::new();
    if generation.compromised {
        notes.push("compromised".to_owned());
    }
    if generation.disabled && generation.status.may_live() {
        notes.push("disabled".to_owned());
    }
    if let (Status::Retiring, Some(retirement)) = (generation.status, &generation.retirement) {
        notes.push(match retirement.stage {
            RetirementStage::Grace => format!("works until {}", moment(retirement.not_before)),
            RetirementStage::Released => "is to be ended".to_owned(),
            RetirementStage::Soaking { until } => format!("disabled, deleted at {}", moment(until)),
            RetirementStage::Revoking => format!("asked to end {} times", retirement.attempts),
            RetirementStage::Acknowledged => "is yet to be read back".to_owned(),
        });
    }
    if let Some(problem) = &generation.problem {
        notes.push(problem.clone());
    }
    notes.join("; ")
}

/// What needs attention first, then how many there are.
pub(crate) async fn status(arguments: ConfigArgs, output: Output) -> Result<(), Error> {
    let (path, config) = read_config(&arguments)?;
    let opened = open_store(&config)?;
    let counts = opened.counts().await.map_err(store)?;
    let mut attention = Vec::new();
    if counts.failing + counts.operating > 0 {
        let mut after: Option<String> = None;
        loop {
            let page = opened.page(after.as_deref(), 1_000).await.map_err(store)?;
            let needs = |it: &Summary| it.problem.is_some() || it.operation.is_some() || it.doubtful > 0;
            attention.extend(page.credentials.into_iter().filter(needs));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
    }
    if output.is_json() {
        let generations: serde_json::Map<String, Value> =
            counts.generations.iter().map(|(status, count)| (status.name().to_owned(), json!(count))).collect();
        output.json(&json!({
            "credentials": counts.credentials,
            "in_use": counts.in_use,
            "operating": counts.operating,
            "failing": counts.failing,
            "suspended": counts.suspended,
            "revoked": counts.closed,
            "generations": generations,
            "attention": attention.iter().map(to_json).collect::<Vec<_>>(),
        }))?;
    } else {
        let mut text = String::new();
        if !attention.is_empty() {
            let mut table = Table::with_heading(["NEEDS ATTENTION", "STATE", "PROBLEM", "TYPE"]);
            for summary in &attention {
                table.row([
                    summary.name.clone(),
                    state_words(summary),
                    summary.problem.clone().unwrap_or_default(),
                    format!(
                        "keywright recover {}{}",
                        summary.name,
                        config_flag(&path.with_file_name("keywright.lock"))
                    ),
                ]);
            }
            text.push_str(&table.to_text());
            text.push('\n');
        }
        text.push_str(&format!(
            "{} credentials: {} in use, {} under way, {} failing, {} suspended, {} revoked\n",
            counts.credentials, counts.in_use, counts.operating, counts.failing, counts.suspended, counts.closed
        ));
        output.text(&text)?;
    }
    if attention.is_empty() { Ok(()) } else { Err(Error::reported()) }
}

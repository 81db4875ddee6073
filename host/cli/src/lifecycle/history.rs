//! `keywright history`: the journal of a credential as a timeline.

use keywright_lifecycle::{OperationOutcome, Record};
use serde_json::json;

use super::ConfigArgs;
use super::workspace::{moment, open_store, read_config, store};
use crate::error::Error;
use crate::output::Output;
use crate::text::one_line;

#[derive(Debug, clap::Args)]
pub(crate) struct HistoryArgs {
    /// The credential
    #[arg(value_name = "NAME")]
    name: String,

    #[command(flatten)]
    config: ConfigArgs,
}

/// Lines of the journal that are read at once.
const PAGE: u32 = 1_000;

pub(crate) async fn run(arguments: HistoryArgs, output: Output) -> Result<(), Error> {
    super::look::find(&arguments.config, &arguments.name).await?;
    let (_, config) = read_config(&arguments.config)?;
    let opened = open_store(&config)?;
    let (mut after, mut operation) = (0, 0);
    loop {
        let entries = opened.history(&arguments.name, after, PAGE).await.map_err(store)?;
        let Some(last) = entries.last() else { return Ok(()) };
        after = last.header.sequence;
        for entry in &entries {
            if output.is_json() {
                output.json_line(&json!(entry))?;
                continue;
            }
            let header = &entry.header;
            let mut text = String::new();
            if header.operation != operation {
                operation = header.operation;
                text.push_str(&format!("operation {operation}, by {}\n", one_line(&header.actor)));
            }
            let line = sentence(&entry.record).unwrap_or_else(|| entry.record.kind());
            text.push_str(&format!("  {}  {}\n", moment(header.at), one_line(&line)));
            output.text(&text)?;
        }
    }
}

/// A record as a sentence; none of the smaller steps, which only the timeline names.
pub(super) fn sentence(record: &Record) -> Option<String> {
    Some(match record {
        Record::Begun { operation, reason, .. } => match reason {
            Some(reason) => format!("{} begins: {reason}", operation.name()),
            None => format!("{} begins", operation.name()),
        },
        Record::IssueIntended { generation, replaces: None, .. } => {
            format!("generation {generation} is about to be made")
        }
        Record::IssueIntended { generation, replaces: Some(id), .. } => {
            format!("generation {generation} is about to be made: a new secret for `{id}`")
        }
        Record::IssueAcknowledged { generation, vendor_id, .. } => {
            format!("generation {generation} is made, and its secret sealed: `{vendor_id}`")
        }
        Record::IssueRefused { generation, message, retry_at, .. } => {
            let next = retry_at.map_or_else(String::new, |at| format!("; the next try is at {}", moment(at)));
            format!("generation {generation} was not made: {message}{next}")
        }
        Record::IssueInDoubt { generation, message } => {
            format!("generation {generation} is in doubt, and is not asked for again: {message}")
        }
        Record::IssueSought { generation, found, .. } => match found.as_slice() {
            [] => format!("generation {generation} was looked for at the vendor: nothing carries its marker"),
            found => format!("generation {generation} was looked for at the vendor: found `{}`", found.join("`, `")),
        },
        Record::SeekFailed { generation, message, retry_at } => {
            format!("generation {generation} cannot be settled yet: {message}; again at {}", moment(*retry_at))
        }
        Record::IssueAbsent { generation } => format!("generation {generation} was never made, or is ended"),
        Record::Abandoned { generation, message, .. } => format!("generation {generation} needs a person: {message}"),
        Record::Compensated { generation, vendor_id } => {
            format!("`{vendor_id}`, which generation {generation} had become, is ended: its secret is lost")
        }
        Record::Verified { generation, unproven: false } => format!("generation {generation} is proven to work"),
        Record::Verified { generation, unproven: true } => {
            format!("generation {generation} is used unproven: the vendor has no way to try it")
        }
        Record::VerificationFailed { generation, message, .. } => {
            format!("generation {generation} is not proven to work yet: {message}")
        }
        Record::Unfit { generation, message } => format!("generation {generation} is not used: {message}"),
        Record::Published { generation, sink } => format!("generation {generation} is delivered to `{sink}`"),
        Record::PublicationFailed { generation, sink, message, .. } => {
            format!("generation {generation} is not delivered to `{sink}`: {message}")
        }
        Record::Promoted { generation, .. } => format!("generation {generation} is in use"),
        Record::RetirementScheduled { generation, retirement } => {
            format!("generation {generation} is to end, not before {}", moment(retirement.not_before))
        }
        Record::GateHeld { generation, message, .. } => format!("generation {generation} is kept: {message}"),
        Record::Enabled { generation, enabled: true } => format!("generation {generation} is enabled"),
        Record::Enabled { generation, enabled: false } => format!("generation {generation} is disabled"),
        Record::EnablingFailed { generation, message, .. } => {
            format!("generation {generation} cannot be enabled or disabled: {message}")
        }
        Record::RevocationFailed { generation, message, retry_at } => {
            format!("generation {generation} is not ended yet: {message}; again at {}", moment(*retry_at))
        }
        Record::RevocationConfirmed { generation } => format!("generation {generation} is gone at the vendor"),
        Record::Updated { generation, .. } => format!("generation {generation} is changed in place"),
        Record::UpdateFailed { generation, message, .. } => {
            format!("generation {generation} is not changed: {message}")
        }
        Record::Replaced { generation } => format!("the secret of generation {generation} does not work any more"),
        Record::Imported { generation, vendor_id, has_secret, .. } => {
            let secret = if *has_secret { "with its secret" } else { "without its secret" };
            format!("`{vendor_id}` is taken over as generation {generation}, {secret}")
        }
        Record::Compromised { generation } => format!("generation {generation} is compromised"),
        Record::Withdrawn { sink } => format!("it is taken out of `{sink}`"),
        Record::WithdrawalFailed { sink, message, .. } => format!("it cannot be taken out of `{sink}`: {message}"),
        Record::Resolved { generation, vendor_id: Some(id) } => format!("generation {generation} was `{id}`"),
        Record::Resolved { generation, vendor_id: None } => format!("generation {generation} was never made"),
        Record::Respecified { .. } => "the policy and the sinks are taken over".to_owned(),
        Record::Postponed { message, retry_at } => format!("not yet: {message}; again at {}", moment(*retry_at)),
        Record::Ended { outcome: OperationOutcome::Succeeded, .. } => "done".to_owned(),
        Record::Ended { outcome: OperationOutcome::Failed, message } => {
            format!("failed: {}", message.as_deref().unwrap_or("see above"))
        }
        Record::CompensationIntended { .. }
        | Record::VerificationBegun { .. }
        | Record::PublicationIntended { .. }
        | Record::Demoted { .. }
        | Record::GatesOpen { .. }
        | Record::EnablingIntended { .. }
        | Record::RevocationIntended { .. }
        | Record::RevocationAcknowledged { .. }
        | Record::SecretDestroyed { .. }
        | Record::UpdateIntended { .. }
        | Record::WithdrawalIntended { .. } => return None,
    })
}

//! What came out of a call, as text or JSON.

use std::path::Path;

use keywright_auth::Parts;
use keywright_runtime::{Credential, Operation, Page, Principal, Quota, Verdict};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};

use super::minted::exposed;
use crate::error::Error;
use crate::output::Output;
use crate::table::Table;
use crate::text::{one_line, series};
use crate::values::instant;

pub(super) fn credential(output: Output, credential: &Credential) -> Result<(), Error> {
    if output.is_json() { output.json(credential) } else { output.text(&credential_rows(credential).to_text()) }
}

/// A credential that was made or changed.
pub(super) fn changed(
    output: Output,
    credential: &Credential,
    revealed: Option<&Parts>,
    secret_file: Option<&Path>,
    warnings: &[String],
) -> Result<(), Error> {
    if output.is_json() {
        let mut value = json!({ "credential": credential, "warnings": warnings });
        if let Some(parts) = revealed {
            value["parts"] = exposed(parts);
        }
        if let Some(file) = secret_file {
            value["secret_file"] = json!(file.display().to_string());
        }
        return output.json(&value);
    }
    let mut table = credential_rows(credential);
    for (name, value) in revealed.into_iter().flat_map(Parts::iter) {
        table.row([&format!("part {name}"), value.expose_secret()]);
    }
    if let Some(file) = secret_file {
        table.row(["secret file", &file.display().to_string()]);
    }
    output.text(&table.to_text())
}

pub(super) fn list(output: Output, credentials: &[Credential]) -> Result<(), Error> {
    if output.is_json() {
        output.json(&json!({ "credentials": credentials, "next": null }))
    } else {
        output.text(&list_rows(output, credentials))
    }
}

pub(super) fn page(output: Output, page: &Page) -> Result<(), Error> {
    if output.is_json() {
        return output.json(page);
    }
    let mut text = list_rows(output, &page.credentials);
    if let Some(quota) = page.quota {
        text.push_str(&format!("quota  {}\n", quota_words(quota)));
    }
    if let Some(next) = &page.next {
        text.push_str(&format!("next   {}\n", one_line(next)));
    }
    output.text(&text)
}

pub(super) fn verdict(output: Output, verdict: &Verdict) -> Result<(), Error> {
    if output.is_json() {
        return output.json(verdict);
    }
    for warning in &verdict.warnings {
        output.warn(warning);
    }
    let mut table = Table::default();
    table.row(["outcome", &word(&json!(verdict.outcome))]);
    table.row(["explanation", &verdict.explanation]);
    output.text(&table.to_text())
}

pub(super) fn principal(output: Output, principal: &Principal) -> Result<(), Error> {
    if output.is_json() {
        return output.json(principal);
    }
    let mut table = Table::default();
    let operations = |operations: &[Operation]| series(operations.iter().map(|operation| operation.name()), "and");
    table.row(["credential", principal.credential_id.as_deref().unwrap_or("not told")]);
    table.row(["owner", principal.owner.as_deref().unwrap_or("not told")]);
    table.row(["expires", &principal.expires_at.map_or_else(|| "never, or not told".to_owned(), instant)]);
    table.row(["allowed", &operations(&principal.allowed)]);
    table.row(["refused", &operations(&principal.refused)]);
    rows_of(&mut table, &principal.details);
    output.text(&table.to_text())
}

fn credential_rows(credential: &Credential) -> Table {
    let mut table = Table::default();
    table.row(["id", &credential.id]);
    table.row(["enabled", if credential.enabled { "yes" } else { "no" }]);
    if let Some(marker) = &credential.marker {
        table.row(["marker", marker]);
    }
    for (name, at) in [("created", credential.created_at), ("last used", credential.last_used_at)] {
        if let Some(at) = at {
            table.row([name, &instant(at)]);
        }
    }
    table.row(["expires", &credential.expires_at.map_or_else(|| "never".to_owned(), instant)]);
    rows_of(&mut table, &credential.attributes);
    table
}

fn rows_of(table: &mut Table, values: &Map<String, Value>) {
    for (name, value) in values.iter().filter(|(_, value)| !value.is_null()) {
        table.row([name, &word(value)]);
    }
}

fn list_rows(output: Output, credentials: &[Credential]) -> String {
    if credentials.is_empty() {
        output.talk("there are no such credentials");
        return String::new();
    }
    let mut table = Table::with_heading(["ID", "ENABLED", "MARKER", "CREATED", "EXPIRES", "LAST USED"]);
    for credential in credentials {
        let at = |at: Option<_>| at.map_or_else(|| "-".to_owned(), instant);
        table.row([
            credential.id.as_str(),
            if credential.enabled { "yes" } else { "no" },
            credential.marker.as_deref().unwrap_or("-"),
            &at(credential.created_at),
            &at(credential.expires_at),
            &at(credential.last_used_at),
        ]);
    }
    table.to_text()
}

fn quota_words(quota: Quota) -> String {
    match (quota.used, quota.limit) {
        (Some(used), Some(limit)) => format!("{used} of {limit}"),
        (Some(used), None) => format!("{used} used"),
        (None, Some(limit)) => format!("at most {limit}"),
        (None, None) => "not told".to_owned(),
    }
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

//! The result of a call, as text or JSON.

use std::path::Path;

use chrono::Utc;
use keywright_auth::Parts;
use keywright_runtime::{Credential, Date, Operation, Outcome, Page, Principal, Verdict, Warning};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};

use super::secret_document::exposed;
use crate::error::{Error, quota_words};
use crate::output::Output;
use crate::table::Table;
use crate::text::{cut, one_line, series};

/// The longest value of an attribute in a table, in characters.
const LONGEST_VALUE: usize = 1_000;

pub(super) fn credential(output: Output, credential: &Credential) -> Result<(), Error> {
    warn(output, &unreadable_dates(credential));
    if output.is_json() { output.json(credential) } else { output.text(&credential_rows(credential).to_text()) }
}

/// A credential that was made or changed. The warnings are in the JSON; for people they are on standard error already.
pub(super) fn changed(
    output: Output,
    credential: &Credential,
    revealed: Option<&Parts>,
    secret_file: Option<&Path>,
    warnings: &[Warning],
) -> Result<(), Error> {
    if output.is_json() {
        let mut value = json!({ "credential": credential, "warnings": warnings });
        if let Some(parts) = revealed {
            value["parts"] = Value::Object(exposed(parts));
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

/// A page, or all of them as one.
pub(super) fn page(output: Output, page: &Page) -> Result<(), Error> {
    for credential in &page.credentials {
        for warning in unreadable_dates(credential) {
            output.warn(&format!("{}: {}", credential.id, words(&warning)));
        }
    }
    for item in &page.unreadable {
        let id = item.id.as_deref().unwrap_or("an item without an id");
        output.warn(&format!("{id} cannot be read, and is not in the list: {}", item.message));
    }
    if output.is_json() {
        return output.json(page);
    }
    let mut text = list_rows(output, &page.credentials);
    if let Some(quota) = page.quota.as_ref().and_then(quota_words) {
        text.push_str(&format!("quota  {quota}\n"));
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
    warn(output, &verdict.warnings);
    let mut table = Table::default();
    table.row(["outcome", verdict.outcome.name()]);
    table.row(["explanation", &verdict.explanation]);
    output.text(&table.to_text())
}

/// What the program ends with after a verdict.
pub(super) fn exit_status(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Active => 0,
        Outcome::Refused => 3,
        Outcome::Inconclusive => 4,
    }
}

pub(super) fn principal(output: Output, principal: &Principal) -> Result<(), Error> {
    warn(output, &unreadable("/expires_at", &principal.expires_at).into_iter().collect::<Vec<_>>());
    if output.is_json() {
        return output.json(principal);
    }
    let mut table = Table::default();
    let operations = |operations: &[Operation]| series(operations.iter().map(|operation| operation.name()), "and");
    let expires = match &principal.expires_at {
        Date::None => "never, or not given by the vendor".to_owned(),
        date => date.to_string(),
    };
    table.row(["credential", principal.credential_id.as_deref().unwrap_or("not given by the vendor")]);
    table.row(["owner", principal.owner.as_deref().unwrap_or("not given by the vendor")]);
    table.row(["expires", &expires]);
    table.row(["allowed", &operations(&principal.allowed)]);
    table.row(["refused", &operations(&principal.refused)]);
    rows_of(&mut table, &principal.details);
    output.text(&table.to_text())
}

/// Warnings on standard error.
pub(super) fn warn(output: Output, warnings: &[Warning]) {
    for warning in warnings {
        output.warn(&words(warning));
    }
}

fn words(warning: &Warning) -> String {
    match &warning.pointer {
        Some(pointer) => format!("{pointer}: {}", warning.message),
        None => warning.message.clone(),
    }
}

/// The warnings of a call, and one for each date of its credential that could not be read.
pub(super) fn with_unreadable_dates(credential: &Credential, warnings: &[Warning]) -> Vec<Warning> {
    warnings.iter().cloned().chain(unreadable_dates(credential)).collect()
}

fn unreadable_dates(credential: &Credential) -> Vec<Warning> {
    let dates = [
        ("/created_at", &credential.created_at),
        ("/expires_at", &credential.expires_at),
        ("/last_used_at", &credential.last_used_at),
    ];
    dates.into_iter().filter_map(|(pointer, date)| unreadable(pointer, date)).collect()
}

fn unreadable(pointer: &str, date: &Date) -> Option<Warning> {
    let text = date.unreadable()?;
    let message =
        format!("the vendor gives a date that cannot be read ({}), which is not the same as none", one_line(text));
    Some(Warning { pointer: Some(pointer.to_owned()), message })
}

fn credential_rows(credential: &Credential) -> Table {
    let mut table = Table::default();
    table.row(["id", &credential.id]);
    table.row(["status", status(credential)]);
    if let Some(marker) = &credential.marker {
        table.row(["marker", marker]);
    }
    for (name, date) in [("created", &credential.created_at), ("last used", &credential.last_used_at)] {
        if !date.is_none() {
            table.row([name, &date.to_string()]);
        }
    }
    table.row(["expires", &credential.expires_at.to_string()]);
    rows_of(&mut table, &credential.attributes);
    table
}

fn rows_of(table: &mut Table, values: &Map<String, Value>) {
    for (name, value) in values.iter().filter(|(_, value)| !value.is_null()) {
        // In JSON they stand whole.
        table.row([&cut(name, 100), &cut(&text(value), LONGEST_VALUE)]);
    }
}

fn list_rows(output: Output, credentials: &[Credential]) -> String {
    if credentials.is_empty() {
        output.note("there are no such credentials");
        return String::new();
    }
    let mut table = Table::with_heading(["ID", "NAME", "STATUS", "MARKER", "CREATED", "EXPIRES", "LAST USED"]);
    for credential in credentials {
        table.row([
            credential.id.as_str(),
            &name(credential),
            status(credential),
            credential.marker.as_deref().unwrap_or("-"),
            &cell(&credential.created_at),
            &cell(&credential.expires_at),
            &cell(&credential.last_used_at),
        ]);
    }
    table.to_text()
}

/// What people call it: of the attributes that vendors have for that, the first that is there.
fn name(credential: &Credential) -> String {
    const NAMES: [&str; 5] = ["name", "title", "label", "description", "tag"];
    const LONGEST: usize = 40;
    let texts = NAMES.iter().filter_map(|name| credential.attributes.get(*name)?.as_str());
    let Some(text) = texts.map(one_line).find(|text| !text.is_empty()) else { return "-".to_owned() };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Whether it works, as far as its own data says. Some vendors leave a credential enabled when it expires.
fn status(credential: &Credential) -> &'static str {
    match &credential.expires_at {
        Date::At(at) if *at <= Utc::now() => "expired",
        _ if credential.enabled => "enabled",
        _ => "disabled",
    }
}

/// A date in a column, where `-` stands for none.
fn cell(date: &Date) -> String {
    if date.is_none() { "-".to_owned() } else { date.to_string() }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn of(expires_at: Date) -> Credential {
        Credential {
            id: "a/1".to_owned(),
            attributes: Map::new(),
            enabled: true,
            marker: None,
            created_at: Date::None,
            expires_at,
            last_used_at: Date::None,
        }
    }

    #[test]
    fn a_date_has_three_states_in_a_table() {
        for (date, shown, listed) in [
            (Date::None, "never", "-"),
            (Date::At(DateTime::UNIX_EPOCH), "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
            (Date::Unreadable("soon".to_owned()), "unreadable (soon)", "unreadable (soon)"),
        ] {
            let rows = credential_rows(&of(date.clone())).to_text();
            assert!(rows.contains(&format!("expires  {shown}\n")), "{rows}");
            assert_eq!(cell(&date), listed);
        }
    }

    #[test]
    fn what_has_expired_is_not_shown_as_enabled() {
        let past = Date::At(DateTime::UNIX_EPOCH);
        let future = Date::At(Utc::now() + chrono::TimeDelta::days(1));
        for (date, enabled, shown) in [
            (Date::None, true, "enabled"),
            (Date::None, false, "disabled"),
            (future.clone(), true, "enabled"),
            (past.clone(), true, "expired"),
            (past, false, "expired"),
            (Date::Unreadable("soon".to_owned()), true, "enabled"),
        ] {
            let credential = Credential { enabled, ..of(date) };
            assert!(credential_rows(&credential).to_text().contains(&format!("status   {shown}\n")));
            let listed = list_rows(Output::new(crate::output::Format::Table), &[credential]);
            assert!(listed.contains(&format!("  {shown}  ")) || listed.contains(&format!("  {shown} ")), "{listed}");
        }
    }

    #[test]
    fn a_list_shows_what_people_call_a_credential() {
        let mut credential = of(Date::None);
        assert_eq!(name(&credential), "-");
        credential.attributes.insert("description".to_owned(), json!("ci\ndeploy"));
        assert_eq!(name(&credential), "ci deploy");
        credential.attributes.insert("name".to_owned(), json!("é".repeat(50)));
        assert_eq!(name(&credential), format!("{}…", "é".repeat(40)));
    }

    #[test]
    fn a_date_that_cannot_be_read_has_a_warning_with_its_pointer() {
        assert!(unreadable_dates(&of(Date::None)).is_empty());
        let warnings = with_unreadable_dates(&of(Date::Unreadable("soon".to_owned())), &[]);
        assert_eq!(warnings[0].pointer.as_deref(), Some("/expires_at"));
        assert!(words(&warnings[0]).starts_with("/expires_at: the vendor gives a date that cannot be read (soon)"));
        let json = json!(warnings);
        assert_eq!(json[0]["pointer"], "/expires_at");
    }
}

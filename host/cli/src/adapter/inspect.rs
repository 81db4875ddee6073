//! What an adapter says of itself, laid out.

use keywright_runtime::{Descriptor, ExpirySupport, LastUsed};
use serde_json::{Value, json};

use super::kilobytes;
use super::sections::{authentication, endpoints, imports, lay_out, operations, parts, properties, rules, secrets};
use crate::error::Error;
use crate::output::Output;
use crate::table::Table;
use crate::target::{Loaded, Target};
use crate::text::{one_line, series};

pub(crate) fn show(loaded: &Loaded, output: Output) -> Result<(), Error> {
    if output.is_json() { output.json(&to_json(loaded)?) } else { output.text(&to_text(loaded)) }
}

/// The descriptor, and what is known of its component.
fn to_json(loaded: &Loaded) -> Result<Value, Error> {
    let descriptor = loaded.adapter.descriptor();
    let mut value = serde_json::to_value(descriptor)
        .map_err(|error| Error::new("output", format!("the descriptor cannot be written as JSON: {error}")))?;
    value["authentication"] = json!(authentication(&descriptor.scheme));
    value["digest"] = json!(loaded.adapter.digest().to_string());
    value["size"] = json!(loaded.size);
    value["exposes_secrets"] = json!(loaded.adapter.exposes_secrets());
    value["imports"] = json!(loaded.adapter.imports());
    value["grant"] = match &loaded.target {
        Target::BuiltIn(_) => json!({ "from": "built in", "withheld": withheld(loaded) }),
        Target::Locked(locked) => json!({
            "from": "lock",
            "lock": locked.lock,
            "file": locked.file,
            "inert_wasi": locked.entry.inert_wasi,
            "withheld": withheld(loaded),
        }),
        Target::File(..) => Value::Null,
    };
    Ok(value)
}

fn to_text(loaded: &Loaded) -> String {
    let descriptor = loaded.adapter.descriptor();
    let sections = [
        ("OPERATIONS", operations(descriptor)),
        ("ACCOUNT SETTINGS", properties(&descriptor.settings)),
        ("ADMINISTRATOR CREDENTIAL", parts(descriptor)),
        ("CREDENTIAL ATTRIBUTES", properties(&descriptor.attributes)),
        ("TRAITS", traits(descriptor)),
        ("ENDPOINTS", endpoints(descriptor)),
        ("SECRETS", secrets(loaded.adapter.exposes_secrets())),
        ("IMPORTS", imports(&loaded.adapter)),
        ("GRANT", grant(loaded)),
        (
            "RULES (operations, method, URL: nothing else can be sent; what mints, once a call)",
            rules(&descriptor.rules),
        ),
    ];
    format!(
        "{}\nadapter {} {}, component of {}\n{}\n{}",
        one_line(&descriptor.title),
        one_line(&descriptor.vendor),
        one_line(&descriptor.version),
        kilobytes(loaded.size),
        loaded.adapter.digest(),
        lay_out(&sections)
    )
}

/// Where the adapter's grant comes from, and what it leaves out of what is asked for.
fn grant(loaded: &Loaded) -> String {
    let withheld = withheld(loaded);
    let extent = match withheld.as_slice() {
        [] => "all that it asks for".to_owned(),
        withheld => {
            let lines: String = withheld.iter().map(|line| format!("\n  {line}")).collect();
            format!("what it asks for, but not:{lines}")
        }
    };
    match &loaded.target {
        Target::BuiltIn(_) => format!("built in: {extent}\n"),
        Target::Locked(locked) => {
            let (lock, file) = (locked.lock.display(), locked.file.display());
            let inert = if locked.entry.inert_wasi { "inert WASI (inert-wasi)\n" } else { "" };
            format!("{lock} locks it to the file {file}\n{extent}\n{inert}")
        }
        Target::File(file, _) => format!("none yet: `keywright adapter add {}` asks for it\n", file.display()),
    }
}

/// What is asked for and not granted, line by line.
fn withheld(loaded: &Loaded) -> Vec<String> {
    let missing = loaded.adapter.rules().missing(&loaded.adapter.descriptor().rules);
    missing.iter().map(|rule| one_line(&rule.to_string())).collect()
}

fn traits(descriptor: &Descriptor) -> String {
    let mut table = Table::default();
    table.row(["id", &format!("{}, matching {}", series(&descriptor.id_forms, "or"), descriptor.id_pattern)]);
    table.row(["expiry", expiry(&descriptor.expiry)]);
    let marker = descriptor.marker.as_ref().map_or_else(
        || "not kept".to_owned(),
        |marker| format!("kept in the attribute {}, at most {} characters", marker.attribute, marker.max_length),
    );
    table.row(["marker", &marker]);
    table.row(["last used", last_used(&descriptor.last_used)]);
    let most = descriptor.max_live_per_owner.map_or_else(|| "no known limit".to_owned(), |most| most.to_string());
    table.row(["live at once", &most]);
    let delay = match descriptor.consistency_delay {
        0 => "at once".to_owned(),
        seconds => format!("within {seconds} s"),
    };
    table.row(["changes show", &delay]);
    table.to_text()
}

fn expiry(support: &ExpirySupport) -> &str {
    match support {
        ExpirySupport::None => "none",
        ExpirySupport::AtCreation => "at creation, never changed",
        ExpirySupport::AddOnce => "at creation or added later, never changed",
        ExpirySupport::Mutable => "set, moved and cleared at will",
        ExpirySupport::MutableRegenerates => "can be changed, which makes a new secret",
        ExpirySupport::Other(name) => name,
        _ => "of a kind that this program has no words for",
    }
}

fn last_used(precision: &LastUsed) -> &str {
    match precision {
        LastUsed::None => "not told",
        LastUsed::Day => "told to the day",
        LastUsed::Instant => "told to the instant",
        LastUsed::Other(name) => name,
        _ => "told in a way that this program has no words for",
    }
}

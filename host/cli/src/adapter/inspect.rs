//! `keywright adapter inspect`: an adapter's description of itself, and what it may do.

use serde_json::{Value, json};

use super::sections::{endpoints, ignored, imports, lay_out, operations, parts, properties, rules};
use super::traits::traits;
use super::{authentication, kilobytes, visibility};
use crate::error::Error;
use crate::extra_grants::ExtraGrants;
use crate::output::Output;
use crate::target::{Loaded, Target};
use crate::text::one_line;

pub(crate) fn show(loaded: &Loaded, output: Output) -> Result<(), Error> {
    if output.is_json() { output.json(&to_json(loaded)?) } else { output.text(&to_text(loaded)) }
}

/// The descriptor, and what is known of its component.
fn to_json(loaded: &Loaded) -> Result<Value, Error> {
    let descriptor = loaded.adapter.descriptor();
    let mut value = serde_json::to_value(descriptor)
        .map_err(|error| Error::new("output", format!("the descriptor cannot be written as JSON: {error}")))?;
    value["schemes"] = authentication::to_json(&descriptor.schemes);
    value["digest"] = json!(loaded.adapter.digest().to_string());
    value["descriptor_digest"] = json!(loaded.adapter.descriptor_digest().to_string());
    value["size"] = json!(loaded.size);
    value["exposes_secrets"] = json!(loaded.adapter.exposes_secrets());
    value["exposes_administrator"] = json!(loaded.adapter.exposes_administrator());
    value["imports"] = json!(loaded.adapter.imports());
    value["grant"] = match &loaded.target {
        Target::BuiltIn(_) => json!({ "from": "built in", "withheld": withheld(loaded) }),
        Target::Locked(locked) => json!({
            "from": "lock",
            "lock": locked.lock,
            "file": locked.file,
            "inert_wasi": locked.entry.extra.inert_wasi,
            "withheld": withheld(loaded),
        }),
        Target::File(..) => Value::Null,
    };
    Ok(value)
}

fn to_text(loaded: &Loaded) -> String {
    let descriptor = loaded.adapter.descriptor();
    let extra = extra(loaded);
    let mut sections = vec![
        ("OPERATIONS", operations(descriptor)),
        ("ACCOUNT SETTINGS", properties(&descriptor.settings)),
        ("ADMINISTRATOR'S CREDENTIAL", parts(&descriptor.administrator)),
        ("ISSUED CREDENTIAL", parts(&descriptor.issued)),
        ("AUTHENTICATION", authentication::schemes(descriptor)),
        ("CREDENTIAL ATTRIBUTES", properties(&descriptor.attributes)),
        ("TRAITS", traits(descriptor)),
        ("ENDPOINTS", endpoints(descriptor)),
        ("SECRETS", visibility::secrets(descriptor, extra)),
        ("IMPORTS", imports(&loaded.adapter)),
    ];
    if !descriptor.ignored_extensions.is_empty() {
        sections.push(("IGNORED EXTENSIONS (this version does not know them)", ignored(descriptor)));
    }
    sections.push(("GRANT", grant(loaded)));
    sections.push(("CANNOT", visibility::cannot(&loaded.adapter, extra)));
    sections.push(("RULES (nothing else can be sent; what mints, once a call)", rules(&descriptor.rules)));
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

/// What it is granted beyond rules.
fn extra(loaded: &Loaded) -> ExtraGrants {
    ExtraGrants {
        exposes_secrets: loaded.adapter.exposes_secrets(),
        exposes_administrator: loaded.adapter.exposes_administrator(),
        inert_wasi: loaded.adapter.needs_inert_wasi(),
    }
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
            let inert = if locked.entry.extra.inert_wasi { "inert WASI (inert-wasi)\n" } else { "" };
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

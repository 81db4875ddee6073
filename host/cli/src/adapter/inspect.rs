//! What an adapter says of itself, laid out.

use keywright_auth::Scheme;
use keywright_runtime::{Descriptor, ExpirySupport, LastUsed, Operation};
use serde_json::{Value, json};

use crate::adapter::kilobytes;
use crate::error::Error;
use crate::output::Output;
use crate::schema::{Property, Schema};
use crate::table::Table;
use crate::target::Loaded;
use crate::text::{one_line, series, wrap};

/// The width that descriptions are wrapped to.
const WIDTH: usize = 96;

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
        ("SECRETS", secrets(loaded)),
        ("RULES (operations, method, URL: nothing else can be sent; what mints, once a call)", rules(descriptor)),
    ];
    let mut text = format!(
        "{}\nadapter {} {}, component of {}\n{}\n",
        one_line(&descriptor.title),
        one_line(&descriptor.vendor),
        one_line(&descriptor.version),
        kilobytes(loaded.size),
        loaded.adapter.digest()
    );
    for (heading, body) in sections {
        text.push_str(&format!("\n{heading}\n"));
        let body = if body.is_empty() { "none\n".to_owned() } else { body };
        for line in body.lines() {
            text.push_str(&format!("  {line}\n"));
        }
    }
    text
}

fn secrets(loaded: &Loaded) -> String {
    let mut table = Table::default();
    table.row(["administrator's", "kept by the host, which authenticates each request"]);
    table.row([
        "minted",
        match loaded.adapter.exposes_secrets() {
            true => "SHOWN TO THE ADAPTER (expose-secrets)",
            false => "kept by the host; the adapter gets a handle for each",
        },
    ]);
    table.to_text()
}

fn operations(descriptor: &Descriptor) -> String {
    let names = |supported: bool| {
        let operations = Operation::ALL.into_iter().filter(|operation| descriptor.supports(*operation) == supported);
        series(operations.map(Operation::name), "and")
    };
    let mut table = Table::default();
    table.row(["supported", &names(true)]);
    table.row(["not supported", &names(false)]);
    table.to_text()
}

/// Each property on a line with its traits, and its description below.
fn properties(schema: &Value) -> String {
    let properties: Vec<Property<'_>> = Schema::new(schema).properties().collect();
    let mut table = Table::default();
    for property in &properties {
        table.row([property.name, &property.type_words(), &flags(*property)]);
    }
    let mut text = String::new();
    for (line, property) in table.to_text().lines().zip(&properties) {
        text.push_str(line);
        text.push('\n');
        for line in wrap(property.description().unwrap_or_default(), WIDTH) {
            text.push_str(&format!("    {line}\n"));
        }
    }
    text
}

fn flags(property: Property<'_>) -> String {
    let mut flags: Vec<String> = Vec::new();
    let mut flag = |is: bool, word: &str| {
        if is {
            flags.push(word.to_owned());
        }
    };
    flag(property.required, "required");
    flag(property.is("readOnly"), "computed");
    flag(property.is("writeOnly"), "secret");
    flag(property.is("x-keywright-replace"), "replace");
    flag(property.is("x-keywright-filter"), "filter");
    if let Some(default) = property.default() {
        flags.push(format!("default {default}"));
    }
    flags.extend(property.environment().iter().map(|variable| format!("${variable}")));
    flags.join(", ")
}

fn parts(descriptor: &Descriptor) -> String {
    let mut table = Table::default();
    let needed = descriptor.scheme.part_names();
    for part in &descriptor.parts {
        let mut flags = vec![if part.secret { "secret" } else { "public" }];
        if part.identifies {
            flags.push("identifies");
        }
        if needed.contains(part.name.as_str()) {
            flags.push("required");
        }
        let variables: Vec<String> = part.environment.iter().map(|variable| format!("${variable}")).collect();
        table.row([&part.name, &part.title, &flags.join(", "), &variables.join(", ")]);
    }
    format!("{}sent as {}\n", table.to_text(), one_line(&authentication(&descriptor.scheme)))
}

fn authentication(scheme: &Scheme) -> String {
    match scheme {
        Scheme::Headers(headers) => {
            let headers: Vec<String> =
                headers.iter().map(|header| format!("the header {}: {}", header.name(), header.value())).collect();
            series(headers, "and")
        }
        Scheme::Basic(basic) => format!("HTTP Basic, {} and {}", basic.username, basic.password),
        Scheme::OAuth2ClientCredentials(grant) => {
            format!("an OAuth 2.0 token for {} from {} of the endpoint {}", grant.client_id, grant.path, grant.endpoint)
        }
        Scheme::Signature(signature) => format!("a signature ({}) of {}", signature.algorithm, signature.access_key),
        _ => "a scheme that this program has no words for".to_owned(),
    }
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

fn endpoints(descriptor: &Descriptor) -> String {
    let mut table = Table::default();
    for endpoint in &descriptor.endpoints {
        table.row([&endpoint.name, &endpoint.url]);
    }
    table.to_text()
}

/// One line a rule, as a grant has it.
fn rules(descriptor: &Descriptor) -> String {
    descriptor.rules.rules.iter().map(|rule| format!("{}\n", one_line(&rule.to_string()))).collect()
}

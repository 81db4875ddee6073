//! What is shown of an adapter, section by section.

use keywright_auth::Scheme;
use keywright_runtime::{Adapter, Descriptor, Operation, RuleSet};
use serde_json::Value;

use crate::schema::{Property, Schema};
use crate::table::Table;
use crate::text::{one_line, series, wrap};

/// The width that descriptions are wrapped to.
const WIDTH: usize = 96;

/// Headings with their lines below them.
pub(super) fn lay_out(sections: &[(&str, String)]) -> String {
    let mut text = String::new();
    for (heading, body) in sections {
        text.push_str(&format!("\n{heading}\n"));
        let body = if body.is_empty() { "none\n" } else { body.as_str() };
        for line in body.lines() {
            text.push_str(&format!("  {line}\n"));
        }
    }
    text
}

/// Who sees which secrets.
pub(super) fn secrets(exposes_secrets: bool) -> String {
    let mut table = Table::default();
    table.row(["administrator's", "kept by the host, which authenticates each request"]);
    table.row([
        "minted",
        match exposes_secrets {
            true => "SHOWN TO THE ADAPTER (expose-secrets)",
            false => "kept by the host; the adapter gets a handle for each",
        },
    ]);
    table.to_text()
}

/// The operations that work, and those that do not.
pub(super) fn operations(descriptor: &Descriptor) -> String {
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
pub(super) fn properties(schema: &Value) -> String {
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

/// What a credential is made of, and how requests are authenticated with it.
pub(super) fn parts(descriptor: &Descriptor) -> String {
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

/// How requests are authenticated.
pub(super) fn authentication(scheme: &Scheme) -> String {
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

/// The places at the vendor.
pub(super) fn endpoints(descriptor: &Descriptor) -> String {
    let mut table = Table::default();
    for endpoint in &descriptor.endpoints {
        table.row([&endpoint.name, &endpoint.url]);
    }
    table.to_text()
}

/// One line a rule, as a grant has it.
pub(super) fn rules(rules: &RuleSet) -> String {
    rules.rules.iter().map(|rule| format!("{}\n", one_line(&rule.to_string()))).collect()
}

/// The interfaces that the component imports.
pub(super) fn imports(adapter: &Adapter) -> String {
    adapter.imports().iter().map(|import| format!("{}\n", one_line(import))).collect()
}

/// What no adapter can do, and this one with its grant cannot.
pub(super) fn cannot(adapter: &Adapter, exposes_secrets: bool) -> String {
    let mut lines = vec![
        match adapter.needs_inert_wasi() {
            true => "open files or sockets: it imports them, and there is nothing behind them (inert-wasi)",
            false => "open files or sockets: it does not import them",
        },
        "look into the environment or the command line, start programs, or keep anything from one call to the next",
        "send anything but HTTPS requests that a rule above names, or to any other host, or to a private address",
        "see the administrator's credential, or authenticate as anybody else",
    ];
    if !exposes_secrets {
        lines.push("see the secrets that it mints");
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

//! What is shown of an adapter, section by section.

use keywright_runtime::{Adapter, Descriptor, Operation, RuleSet};
use serde_json::Value;

use crate::schema::{Filtering, Property, Schema};
use crate::table::Table;
use crate::text::{cut, one_line, series, wrap};

/// The width that descriptions are wrapped to.
const WIDTH: usize = 96;

/// The longest description that is shown, in characters: what follows must not be scrolled away.
const LONGEST_DESCRIPTION: usize = 500;

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
        table.row([&cut(property.name, 100), &cut(&property.type_words(), 200), &cut(&flags(*property), 300)]);
    }
    let mut text = String::new();
    for (line, property) in table.to_text().lines().zip(&properties) {
        text.push_str(line);
        text.push('\n');
        for line in wrap(&cut(property.description().unwrap_or_default(), LONGEST_DESCRIPTION), WIDTH) {
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
    flag(property.is_secret(), "secret");
    flag(property.is("x-keywright-replace"), "replace");
    flag(property.filter() == Some(Filtering::Optional), "filter");
    flag(property.filter() == Some(Filtering::Required), "filter, required to list");
    if let Some(default) = property.default() {
        flags.push(format!("default {default}"));
    }
    flags.extend(property.environment().iter().map(|variable| format!("${variable}")));
    flags.join(", ")
}

/// What a credential is made of: a line for each part.
pub(super) fn parts(parts: &keywright_descriptor::Parts) -> String {
    let mut table = Table::default();
    for part in parts {
        let mut flags = vec![if part.secret { "secret" } else { "public" }.to_owned()];
        flags.push(if part.required { "required" } else { "optional" }.to_owned());
        if part.identifies {
            flags.push("identifies".to_owned());
        }
        if part.origin != keywright_descriptor::Origin::Vendor {
            flags.push(format!("made by the host: {}", part.origin.name()));
        }
        flags.extend(part.pattern.as_ref().map(|pattern| format!("matching {pattern}")));
        let variables: Vec<String> = part.environment.iter().map(|variable| format!("${variable}")).collect();
        table.row([&part.name, &part.title, &flags.join(", "), &variables.join(", ")]);
    }
    table.to_text()
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

/// What the adapter says that this program does not know and passes over.
pub(super) fn ignored(descriptor: &Descriptor) -> String {
    descriptor.ignored_extensions.iter().map(|extension| format!("{}\n", one_line(extension))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{changed, descriptor, part};
    use keywright_model::descriptor::{PartDescription, PartOrigin, RandomPolicy};

    #[test]
    fn the_parts_of_both_credentials_are_described() {
        let text = parts(&descriptor().administrator);
        let line = |name: &str| text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        assert!(line("token").contains("secret, required, matching ^t[a-z-]*$"), "{text}");
        assert!(line("token").ends_with("$INITECH_TOKEN"), "{text}");
        assert!(line("key_id").contains("public, optional, identifies"), "{text}");
        let random = PartOrigin::Random(RandomPolicy {
            length: 32,
            alphabet: "abcdefghijklmnopqrstuvwxyz0123456789".into(),
            required: Vec::new(),
            extensions: None,
        });
        let with_random = changed(|model| {
            model.issued.parts.push(PartDescription { origin: random, ..part("password", true, true, &[]) });
        });
        let text = parts(&with_random.issued);
        assert!(text.contains("secret, required, made by the host: random"), "{text}");
    }

    #[test]
    fn properties_have_their_flags() {
        let descriptor = descriptor();
        let text = properties(&descriptor.settings);
        assert!(text.contains("secret, $INITECH_WEBHOOK_KEY"), "{text}");
        let text = properties(&descriptor.attributes);
        assert!(text.contains("filter, required to list") && text.contains("computed"), "{text}");
    }

    #[test]
    fn what_is_passed_over_is_listed() {
        let descriptor = changed(|model| model.extensions = Some(r#"{"support-url":"https://x.example"}"#.into()));
        assert_eq!(ignored(&descriptor), "the descriptor: support-url\n");
    }
}

//! Which secrets an adapter gets to see, and what it cannot do: derived from what it describes and what it is granted.

use std::collections::BTreeSet;

use keywright_descriptor::{Part, VariableRole};
use keywright_runtime::{Adapter, Descriptor, RuleSet, SecretLocation};

use crate::extra_grants::ExtraGrants;
use crate::table::Table;
use crate::text::{one_line, series};

/// Who holds which values.
pub(super) fn secrets(descriptor: &Descriptor, extra: ExtraGrants) -> String {
    let mut table = Table::default();
    let mut row = |whose: &str, names: Vec<&str>, kept: &str| {
        if !names.is_empty() {
            table.row([whose, &series(names, "and"), kept]);
        }
    };
    let administrator = match extra.exposes_administrator {
        true => "SHOWN TO THE ADAPTER (expose-administrator)",
        false => "kept by the host, which authenticates each request",
    };
    row("administrator's", secret(&descriptor.administrator), administrator);
    let shown = match secret(&descriptor.administrator).is_empty() {
        true => "SHOWN TO THE ADAPTER: it describes no part of this credential as secret",
        false => "public: shown to the adapter",
    };
    row("administrator's", public(&descriptor.administrator), shown);
    let minted = match extra.exposes_secrets {
        true => "SHOWN TO THE ADAPTER (expose-secrets)",
        false => "kept by the host; the adapter gets a handle for each",
    };
    let made = |by_host: bool| {
        let parts = descriptor.issued.iter().filter(|part| part.secret && part.origin.is_sent() == by_host);
        parts.map(|part| part.name.as_str()).collect()
    };
    row("issued", made(false), minted);
    for (part, separators) in public_prefixes(descriptor) {
        row(
            "issued",
            vec![part],
            &format!(
                "shown up to the first of the characters {} in it, at most half of the secret: at least {} characters stay \
             hidden, or all of it does",
                one_line(separators),
                SecretLocation::LEAST_HIDDEN
            ),
        );
    }
    row("issued", made(true), "made by the host, which sends it; the adapter gets a handle");
    row("issued", public(&descriptor.issued), "public: shown to the adapter");
    row("settings", descriptor.secret_settings().collect(), "kept by the host; the adapter gets a handle for each");
    table.to_text()
}

/// The secret parts of which some answer shows the start, and what that ends with.
fn public_prefixes(descriptor: &Descriptor) -> BTreeSet<(&str, &str)> {
    let secrets = descriptor.rules.rules.iter().flat_map(|rule| &rule.secrets);
    let prefixed = secrets.filter(|secret| !secret.public_prefix_ends_with.is_empty());
    prefixed
        .map(|secret| (secret.part.as_deref().unwrap_or("what is hidden"), secret.public_prefix_ends_with.as_str()))
        .collect()
}

/// What no adapter can do, and what this one cannot with its grant.
pub(super) fn cannot(adapter: &Adapter, extra: ExtraGrants) -> String {
    let descriptor = adapter.descriptor();
    let mut lines = vec![
        match adapter.needs_inert_wasi() {
            true => "open files or sockets: it imports them, and there is nothing behind them (inert-wasi)",
            false => "open files or sockets: it does not import them",
        }
        .to_owned(),
        environment(descriptor, extra),
        "read the command line, start programs, or keep anything from one call to the next".to_owned(),
        format!("send anything but the requests that its rules allow, or to any host but {}", hosts(adapter.rules())),
    ];
    lines.extend(cannot_see(descriptor, extra));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// What of the environment it does not get: all but the values that the host reads there to hand to it.
fn environment(descriptor: &Descriptor, extra: ExtraGrants) -> String {
    let is_shown = |role: &VariableRole| {
        role.is_public() || (extra.exposes_administrator && matches!(role, VariableRole::SecretPart(_)))
    };
    let shown = descriptor.variables().into_iter().filter(|(_, role)| is_shown(role));
    let shown: Vec<String> = shown.map(|(variable, role)| format!("{variable} ({role})")).collect();
    match shown.as_slice() {
        [] => "read the environment".to_owned(),
        shown => format!("read the environment, but for {}, WHICH IT IS SHOWN", series(shown, "and")),
    }
}

/// The hosts to which something may be sent, as the rules have them.
fn hosts(rules: &RuleSet) -> String {
    let hosts: BTreeSet<String> = rules.rules.iter().map(|rule| one_line(&rule.endpoint.to_string())).collect();
    series(hosts, "and")
}

/// The secrets that it cannot see.
fn cannot_see(descriptor: &Descriptor, extra: ExtraGrants) -> Vec<String> {
    let mut lines = Vec::new();
    let mut hidden = |names: Vec<&str>, of: &str| {
        if !names.is_empty() {
            lines.push(format!("see {} of {of}", series(names, "or")));
        }
    };
    if !extra.exposes_administrator {
        hidden(secret(&descriptor.administrator), "the administrator's credential, or authenticate with anything else");
    }
    let issued = descriptor.issued.iter().filter(|part| part.secret);
    // What the host makes is a handle to every adapter.
    let issued = issued.filter(|part| !extra.exposes_secrets || part.origin.is_sent());
    hidden(issued.map(|part| part.name.as_str()).collect(), "the credentials that it makes");
    hidden(descriptor.secret_settings().collect(), "the account's settings");
    lines
}

fn secret(parts: &keywright_descriptor::Parts) -> Vec<&str> {
    names(parts, |part| part.secret)
}

fn public(parts: &keywright_descriptor::Parts) -> Vec<&str> {
    names(parts, |part| !part.secret)
}

fn names(parts: &keywright_descriptor::Parts, is_wanted: impl Fn(&Part) -> bool) -> Vec<&str> {
    parts.iter().filter(|part| is_wanted(part)).map(|part| part.name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{changed, descriptor};

    #[test]
    fn what_cannot_be_seen_follows_from_what_is_secret_and_what_is_granted() {
        let blind = ExtraGrants::default();
        assert_eq!(
            cannot_see(&descriptor(), blind),
            [
                "see token or session_token of the administrator's credential, or authenticate with anything else",
                "see token of the credentials that it makes",
                "see webhook_key of the account's settings",
            ]
        );
        let exposing = ExtraGrants { exposes_secrets: true, exposes_administrator: true, inert_wasi: false };
        assert_eq!(cannot_see(&descriptor(), exposing), ["see webhook_key of the account's settings"]);
    }

    #[test]
    fn a_vendor_without_secret_settings_has_no_line_about_them() {
        let without = changed(|model| model.settings = r#"{"properties":{}}"#.into());
        let lines = cannot_see(&without, ExtraGrants::default());
        assert!(lines.iter().all(|line| !line.contains("settings")), "{lines:?}");
        assert!(!secrets(&without, ExtraGrants::default()).contains("settings"));
    }

    #[test]
    fn how_much_of_a_secret_is_public_is_said() {
        let prefixed = changed(|model| model.rules[0].secrets[0].public_prefix_ends_with = "$_".into());
        let text = secrets(&prefixed, ExtraGrants::default());
        let line = text.lines().find(|line| line.contains("shown up to the first of the characters $_")).unwrap();
        assert!(line.contains("token") && line.contains("at least 16 characters stay hidden"), "{text}");
        assert!(!secrets(&descriptor(), ExtraGrants::default()).contains("shown up to"));
    }

    #[test]
    fn what_it_gets_of_the_environment_is_named() {
        let blind = ExtraGrants::default();
        assert_eq!(
            environment(&descriptor(), blind),
            "read the environment, but for INITECH_TENANT (setting tenant) and TENANT (setting tenant), WHICH IT IS SHOWN"
        );
        let exposing = ExtraGrants { exposes_administrator: true, ..blind };
        assert!(environment(&descriptor(), exposing).contains("INITECH_TOKEN (secret part token)"));
        let none = changed(|model| model.settings = "{}".into());
        assert_eq!(environment(&none, blind), "read the environment");
    }

    #[test]
    fn a_credential_without_a_secret_part_is_shown_and_no_line_says_otherwise() {
        let public = changed(|model| {
            let parts = &mut model.administrator.parts;
            parts.iter_mut().for_each(|part| part.secret = false);
            model.schemes[0].steps.clear();
            model.operations.retain(|operation| *operation != keywright_runtime::Operation::Verify);
            model.rules.iter_mut().for_each(|rule| {
                rule.operations.retain(|operation| *operation != keywright_runtime::Operation::Verify);
            });
        });
        let text = secrets(&public, ExtraGrants::default());
        assert!(text.contains("SHOWN TO THE ADAPTER: it describes no part"), "{text}");
        let lines = cannot_see(&public, ExtraGrants::default());
        assert!(lines.iter().all(|line| !line.contains("administrator")), "{lines:?}");
    }

    #[test]
    fn what_is_shown_to_the_adapter_is_in_capitals() {
        let text = secrets(&descriptor(), ExtraGrants { exposes_administrator: true, ..ExtraGrants::default() });
        assert!(text.contains("SHOWN TO THE ADAPTER (expose-administrator)"), "{text}");
        assert!(!text.contains("expose-secrets"), "{text}");
        assert!(text.lines().any(|line| line.contains("key_id") && line.contains("public")), "{text}");
    }
}

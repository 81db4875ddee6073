//! Which secrets an adapter gets to see, and what it cannot do: derived from what it describes and what it is granted.

use keywright_descriptor::Part;
use keywright_runtime::{Adapter, Descriptor};

use crate::extra_grants::ExtraGrants;
use crate::table::Table;
use crate::text::series;

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
    row("administrator's", public(&descriptor.administrator), "public: shown to the adapter");
    let minted = match extra.exposes_secrets {
        true => "SHOWN TO THE ADAPTER (expose-secrets)",
        false => "kept by the host; the adapter gets a handle for each",
    };
    let made = |by_host: bool| {
        let parts = descriptor.issued.iter().filter(|part| part.secret && part.origin.is_sent() == by_host);
        parts.map(|part| part.name.as_str()).collect()
    };
    row("issued", made(false), minted);
    row("issued", made(true), "made by the host, which sends it; the adapter gets a handle");
    row("issued", public(&descriptor.issued), "public: shown to the adapter");
    row("settings", descriptor.secret_settings().collect(), "kept by the host; the adapter gets a handle for each");
    table.to_text()
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
        "read the environment or the command line, start programs, or keep anything from one call to the next"
            .to_owned(),
        "send anything but the requests that its rules allow, or to any other host, or to a private address".to_owned(),
    ];
    lines.extend(cannot_see(descriptor, extra));
    lines.iter().map(|line| format!("{line}\n")).collect()
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
    fn what_is_shown_to_the_adapter_is_in_capitals() {
        let text = secrets(&descriptor(), ExtraGrants { exposes_administrator: true, ..ExtraGrants::default() });
        assert!(text.contains("SHOWN TO THE ADAPTER (expose-administrator)"), "{text}");
        assert!(!text.contains("expose-secrets"), "{text}");
        assert!(text.lines().any(|line| line.contains("key_id") && line.contains("public")), "{text}");
    }
}

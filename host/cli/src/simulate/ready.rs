//! How to use a simulator that is ready.

use keywright_runtime::Descriptor;
use keywright_simulators::Account;
use serde_json::{Value, json};

use super::Running;
use crate::schema::Schema;
use crate::text::one_line;

/// As a program reads it.
pub(super) fn to_json(running: &Running) -> Value {
    let simulator = &running.simulator;
    let account = simulator.vendor().account();
    json!({
        "vendor": simulator.vendor().name(),
        "base_url": simulator.base_url(),
        "ca_file": running.ca.as_ref().map(|ca| ca.path.display().to_string()),
        "settings": account.settings,
        "auth": account.credential,
    })
}

/// As a person pastes it into a shell.
pub(super) fn to_text(running: &Running, descriptor: Option<&Descriptor>) -> String {
    let simulator = &running.simulator;
    let ca_file = running.ca.as_ref().map(|ca| ca.path.display().to_string());
    let vendor = simulator.vendor().name();
    paste_block(vendor, simulator.base_url(), ca_file.as_deref(), &simulator.vendor().account(), descriptor)
}

fn paste_block(
    vendor: &str,
    base_url: &str,
    ca_file: Option<&str>,
    account: &Account,
    descriptor: Option<&Descriptor>,
) -> String {
    let mut text = format!("# {vendor} is simulated at {base_url}, with an account of its own invention\n");
    let mut command = format!("keywright call {vendor} list --endpoint {base_url}");
    let mut elsewhere = Vec::new();
    for (name, value) in account.settings.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let property = descriptor.and_then(|descriptor| Schema::new(&descriptor.settings).property(name));
        match property.map(|property| property.environment()).unwrap_or_default().first() {
            Some(variable) => text.push_str(&export(variable, &value)),
            None => command.push_str(&format!(" --set {name}={}", quote(&value))),
        }
    }
    for (name, value) in &account.credential {
        let part = descriptor.and_then(|descriptor| descriptor.part(name));
        match part.and_then(|part| part.environment.first()) {
            Some(variable) => text.push_str(&export(variable, value)),
            None => {
                let variable = format!("SIMULATED_{}", name.to_uppercase());
                text.push_str(&export(&variable, value));
                elsewhere.push(format!("#   {name} = {{ env = \"{variable}\" }}\n"));
            }
        }
    }
    if !elsewhere.is_empty() {
        text.push_str(&format!("# in keywright.toml:\n#   [accounts.simulated]\n#   vendor = \"{vendor}\"\n"));
        text.push_str("#   [accounts.simulated.credential]\n");
        text.extend(elsewhere);
        command.push_str(" --account simulated");
    }
    match (ca_file, descriptor) {
        (Some(ca_file), Some(_)) => text.push_str(&format!("{command} --ca-file {}\n", quote(ca_file))),
        (Some(ca_file), None) => text.push_str(&format!("# trust {ca_file}\n")),
        (None, _) => text.push_str("# plain http: for other clients, as keywright speaks https only\n"),
    }
    text
}

fn export(variable: &str, value: &str) -> String {
    format!("export {}={}\n", one_line(variable), quote(value))
}

/// A word for a POSIX shell.
fn quote(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn words_are_quoted_for_the_shell() {
        assert_eq!(quote("abc-1/2"), "abc-1/2");
        assert_eq!(quote("a b"), "'a b'");
        assert_eq!(quote("it's"), r"'it'\''s'");
        assert_eq!(quote("$HOME"), "'$HOME'");
        assert_eq!(quote(""), "''");
    }

    #[test]
    fn an_account_without_variables_is_used_in_the_generic_way() {
        let account = Account {
            settings: json!({"region": "here"}),
            credential: BTreeMap::from([("token".to_owned(), "t".to_owned())]),
        };
        let block = paste_block("initech", "https://127.0.0.1:1", None, &account, None);
        assert!(block.contains("export SIMULATED_TOKEN=t\n"), "{block}");
        assert!(block.contains("#   token = { env = \"SIMULATED_TOKEN\" }\n"), "{block}");
        assert!(block.contains("plain http"), "{block}");
    }
}

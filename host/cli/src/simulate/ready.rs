//! How to use a simulator that is ready.

use keywright_runtime::Descriptor;
use keywright_simulators::Account;
use serde_json::{Map, Value, json};

use super::Running;
use crate::schema::{Filtering, Schema};
use crate::shell::quote;
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
        "sample": simulator.vendor().sample().attributes,
        "also": also(running).into_iter().collect::<Map<String, Value>>(),
    })
}

/// What else is there that examples name.
fn also(running: &Running) -> impl IntoIterator<Item = (String, Value)> {
    running.simulator.vendor().also().into_iter().map(|(name, value)| (name.to_owned(), Value::String(value)))
}

/// As a person pastes it into a shell.
pub(super) fn to_text(running: &Running, descriptor: Option<&Descriptor>) -> String {
    let simulator = &running.simulator;
    let ca_file = running.ca.as_ref().map(|ca| ca.path.display().to_string());
    let vendor = simulator.vendor().name();
    let sample = simulator.vendor().sample().attributes.as_object().cloned().unwrap_or_default();
    let account = simulator.vendor().account();
    let mut text = paste_block(vendor, simulator.base_url(), ca_file.as_deref(), &account, &sample, descriptor);
    if !sample.is_empty() {
        text.push_str(&format!("# to create: --attributes {}\n", quote(&Value::Object(sample).to_string())));
    }
    for (name, value) in simulator.vendor().also() {
        text.push_str(&format!("# {name}: {value}\n"));
    }
    text
}

fn paste_block(
    vendor: &str,
    base_url: &str,
    ca_file: Option<&str>,
    account: &Account,
    sample: &Map<String, Value>,
    descriptor: Option<&Descriptor>,
) -> String {
    let mut text = format!("# {vendor} is simulated at {base_url}, with an account that exists there only\n");
    let mut command = format!("keywright call {vendor} list");
    match descriptor.map(|descriptor| descriptor.endpoints.as_slice()) {
        // The simulator serves every endpoint at one URL.
        Some(endpoints @ [_, _, ..]) => {
            command.extend(endpoints.iter().map(|endpoint| format!(" --endpoint {}={base_url}", endpoint.name)));
        }
        _ => command.push_str(&format!(" --endpoint {base_url}")),
    }
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
        let part = descriptor.and_then(|descriptor| descriptor.administrator.get(name));
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
    if let Some(ca_file) = ca_file {
        command.push_str(&format!(" --ca-file {}", quote(ca_file)));
    }
    match (descriptor, ca_file) {
        (Some(descriptor), _) => {
            // Some vendors list nothing without the owner of the credentials.
            for property in Schema::new(&descriptor.attributes).properties() {
                if property.filter() == Some(Filtering::Required) {
                    let value = sample.get(property.name).and_then(Value::as_str).unwrap_or("VALUE");
                    command.push_str(&format!(" --filter {}", quote(&format!("{}={value}", property.name))));
                }
            }
            text.push_str(&format!("{command}\n"));
        }
        (None, Some(ca_file)) => text.push_str(&format!("# trust {ca_file}\n")),
        (None, None) => {}
    }
    text
}

fn export(variable: &str, value: &str) -> String {
    format!("export {}={}\n", one_line(variable), quote(value))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::fixture::{changed, object};

    fn account() -> Account {
        Account {
            settings: json!({"tenant": 1, "project": "p 1"}),
            credential: BTreeMap::from([("key_id".to_owned(), "k".to_owned()), ("token".to_owned(), "t".to_owned())]),
        }
    }

    #[test]
    fn an_account_without_variables_is_used_in_the_generic_way() {
        let account = Account {
            settings: json!({"region": "here"}),
            credential: BTreeMap::from([("token".to_owned(), "t".to_owned())]),
        };
        let block = paste_block("initech", "https://127.0.0.1:1", Some("ca.pem"), &account, &Map::new(), None);
        assert!(block.contains("export SIMULATED_TOKEN=t\n"), "{block}");
        assert!(block.contains("#   token = { env = \"SIMULATED_TOKEN\" }\n"), "{block}");
        assert!(block.ends_with("# trust ca.pem\n"), "{block}");
    }

    #[test]
    fn the_command_has_every_endpoint_and_the_filters_that_the_vendor_demands() {
        let several = changed(|model| {
            model.endpoints.push(keywright_model::descriptor::Endpoint {
                name: "s3".into(),
                url: "https://s3.initech.example".into(),
                extensions: None,
            });
        });
        let sample = object(json!({"owner": "ann b"}));
        let block = paste_block("initech", "http://127.0.0.1:1", None, &account(), &sample, Some(&several));
        assert!(block.contains("export INITECH_TENANT=1\n") && block.contains("export INITECH_TOKEN=t\n"), "{block}");
        assert!(
            block.ends_with(
                "\nkeywright call initech list --endpoint api=http://127.0.0.1:1 --endpoint s3=http://127.0.0.1:1 \
                 --set project='p 1' --account simulated --filter 'owner=ann b'\n"
            ),
            "{block}"
        );
    }
}

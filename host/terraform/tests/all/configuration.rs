//! The part of `keywright.toml`.

use std::collections::BTreeSet;

use keywright_terraform::{Configuration, Named, Taken};
use serde_json::{Value, json};

use crate::{PROVIDERS, PROVIDERS_SHOWN, all, find, raw, read, resource};

fn parsed(configuration: &Configuration) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(&configuration.toml).unwrap()).unwrap()
}

#[test]
fn one_credential_is_written_as_a_person_would() {
    let state = read(PROVIDERS);
    let found = find(&state, "module.shop.commercetools_api_client.my-api-client");
    let configuration = Configuration::of(&[found], &Taken::default());
    assert_eq!(
        configuration.toml,
        r#"# The state does not say, and the settings need: `region`
[accounts.commercetools]
vendor = "commercetools"

[accounts.commercetools.settings]
project_key = "my-ct-project-key"

# Terraform: module.shop.commercetools_api_client.my-api-client
[credentials.commercetools-shop-my-api-client]
account = "commercetools"

[credentials.commercetools-shop-my-api-client.attributes]
access_token_validity_seconds = 3600
name = "My API Client"
refresh_token_validity_seconds = 60
scope = ["manage_orders:my-ct-project-key", "manage_payments:my-ct-project-key"]
"#
    );
}

#[test]
fn all_credentials_have_their_attributes_and_an_account() {
    for state in [read(PROVIDERS), read(PROVIDERS_SHOWN)] {
        let found = all(&state);
        let configuration = Configuration::of(&found, &Taken::default());
        let toml = parsed(&configuration);
        assert_eq!(configuration.named.len(), found.len());
        for (found, Named { credential, account }) in found.iter().zip(&configuration.named) {
            let written = &toml["credentials"][credential];
            assert_eq!(written["account"], *account);
            assert_eq!(written["attributes"], Value::Object(found.attributes.clone()), "{credential}");
            assert_eq!(toml["accounts"][account]["vendor"], found.vendor);
            for (setting, value) in &found.settings {
                assert_eq!(toml["accounts"][account]["settings"][setting], *value);
            }
        }
        // The key whose organization the state does not tell shares the only account of its vendor.
        assert_eq!(toml["accounts"].as_object().unwrap().len(), 8);
        for (_, secret) in state.found.iter().flat_map(|found| &found.secrets) {
            assert!(!configuration.toml.contains(secrecy::ExposeSecret::expose_secret(secret)));
        }
    }
}

#[test]
fn an_alias_and_other_settings_make_another_account() {
    let token = |name: &str, client: u64| {
        resource("gcore_iam_api_token", name, json!({ "client_id": client, "id": client + 1, "name": "n" }))
    };
    let mut aliased = token("c", 7);
    aliased["provider"] = json!("provider[\"example.com/a/b\"].eu");
    let state = read(&raw(json!([token("a", 7), token("b", 8), aliased])));
    // The third is the first again.
    assert_eq!(state.skipped.len(), 1);
    let mut other = token("c", 9);
    other["provider"] = json!("provider[\"example.com/a/b\"].eu");
    let state = read(&raw(json!([token("a", 7), token("b", 8), other])));
    let accounts: Vec<String> =
        Configuration::of(&all(&state), &Taken::default()).named.into_iter().map(|named| named.account).collect();
    assert_eq!(accounts, ["gcore-7", "gcore-8", "gcore-eu"]);
}

#[test]
fn names_that_are_taken_are_left_alone() {
    let state = read(PROVIDERS);
    let found = find(&state, "datadog_api_key.foo");
    let names = |names: &[&str]| -> BTreeSet<String> { names.iter().map(|name| (*name).to_owned()).collect() };
    let taken = Taken {
        accounts: [("datadog".to_owned(), "production".to_owned())].into(),
        account_names: names(&["production"]),
        credential_names: names(&["datadog-foo"]),
    };
    let configuration = Configuration::of(&[found], &taken);
    let [Named { credential, account }] = configuration.named.as_slice() else { panic!("one") };
    assert!(credential.starts_with("datadog-foo-") && account == "production", "{credential}");
    assert!(parsed(&configuration).get("accounts").is_none());

    let taken = Taken { account_names: names(&["datadog"]), ..Taken::default() };
    let configuration = Configuration::of(&[found], &taken);
    assert!(configuration.named[0].account.starts_with("datadog-"), "{:?}", configuration.named);
}

#[test]
fn names_do_not_depend_on_the_order() {
    let state = read(PROVIDERS);
    let mut found = all(&state);
    let mut named = Configuration::of(&found, &Taken::default()).named;
    found.reverse();
    named.reverse();
    assert_eq!(Configuration::of(&found, &Taken::default()).named, named);
    assert!(Configuration::of(&[], &Taken::default()).toml.is_empty());
}

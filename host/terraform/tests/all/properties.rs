//! What holds for any input.

use std::collections::BTreeSet;

use keywright_terraform::{Configuration, State, Taken, removed_blocks, resource_types};
use proptest::prelude::*;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::{ODDITIES, ODDITIES_SHOWN, PROVIDERS, PROVIDERS_SHOWN, all};

/// Any value, shallow, with the words of the providers among its texts.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-z0-9:/_-]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

/// An instance whose attributes have the right names, mostly the right types, and any text.
fn attributes() -> impl Strategy<Value = Value> {
    let text = || prop_oneof![any::<String>().prop_map(Value::from), value()];
    let id = || prop_oneof!["[A-Z0-9]{1,20}".prop_map(Value::from), (1_u64..1_000_000).prop_map(Value::from)];
    (id(), id(), text(), text(), text(), value(), text()).prop_map(|(id, owner, name, description, scope, grant, secret)| {
        json!({
            "id": id, "access_key": id, "access_key_id": id, "user": owner, "client_id": owner, "account_id": owner, "name": name,
            "description": description, "scope": [scope], "grant": [{ "bucket": grant, "permission": "read" }], "tag": description,
            "user_email": name, "user_name": owner, "secret": secret, "secret_key": secret, "token": secret, "key": secret,
            "api_key": secret, "expiration_date": name, "exp_date": name, "expires_at": name, "application_id": description,
        })
    })
}

/// A state file with instances of all types, anywhere.
fn state() -> impl Strategy<Value = String> {
    let resource_type = prop::sample::select(resource_types().iter().map(|it| it.name).collect::<Vec<_>>());
    let key = prop_oneof![Just(Value::Null), (0..5).prop_map(Value::from), any::<String>().prop_map(Value::from)];
    let module = prop_oneof![Just(String::new()), Just("module.a[\"x-y\"].module.b".to_owned()), any::<String>()];
    let name = prop_oneof!["[a-z][a-z0-9_-]{0,8}", any::<String>()];
    let alias = prop_oneof![Just(String::new()), any::<String>()];
    let instances = prop::collection::vec((key, attributes()), 0..3);
    let resource =
        (resource_type, module, name, alias, instances).prop_map(|(resource_type, module, name, alias, instances)| {
            let instance = |(key, attributes)| json!({ "index_key": key, "attributes": attributes });
            let instances: Vec<Value> = instances.into_iter().map(instance).collect();
            json!({
                "mode": "managed", "type": resource_type, "name": name, "module": module,
                "provider": format!("provider[\"example.com/a/b\"].{alias}"), "instances": instances,
            })
        });
    prop::collection::vec(resource, 0..6).prop_map(|resources| crate::raw(Value::from(resources)))
}

/// What must hold of everything that was read.
fn check(state: &State) -> Result<(), TestCaseError> {
    let found = all(state);
    let hcl = removed_blocks(state, &found);
    // A comment never ends early: every line is one of those that are written.
    for line in hcl.lines().filter(|line| !line.is_empty()) {
        let known = ["# ", "removed {", "  from = ", "  lifecycle {", "    destroy = false", "  }", "}"];
        prop_assert!(known.iter().any(|start| line.starts_with(start)), "{line:?}");
        prop_assert!(!line.contains(char::is_control));
    }
    let configuration = Configuration::of(&found, &Taken::default());
    let toml: toml::Table =
        toml::from_str(&configuration.toml).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let toml = serde_json::to_value(toml).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let names: BTreeSet<&str> = configuration.named.iter().map(|named| named.credential.as_str()).collect();
    prop_assert_eq!(names.len(), found.len());
    for (found, named) in found.iter().zip(&configuration.named) {
        let bare = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        prop_assert!(bare(&named.credential) && bare(&named.account), "{named:?}");
        prop_assert_eq!(
            &toml["credentials"][&named.credential]["attributes"],
            &Value::Object(found.attributes.clone())
        );
        prop_assert_eq!(&toml["accounts"][&named.account]["vendor"], found.vendor);
        for problem in &found.problems {
            prop_assert!(!problem.contains(char::is_control));
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = State::read(&bytes);
    }

    #[test]
    fn no_changed_state_panics(
        file in prop::sample::select(vec![PROVIDERS, PROVIDERS_SHOWN, ODDITIES, ODDITIES_SHOWN]),
        at in any::<prop::sample::Index>(),
        length in 0_usize..40,
        with in prop_oneof![prop::collection::vec(any::<u8>(), 0..6), prop::sample::select(vec![
            b"null".to_vec(), b"{}".to_vec(), b"[]".to_vec(), b"1e999".to_vec(), b"\"".to_vec(), b"-1".to_vec(), b"\"\\u0000\"".to_vec(),
        ])],
    ) {
        let mut bytes = file.as_bytes().to_vec();
        let start = at.index(bytes.len());
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, with);
        if let Ok(state) = State::read(&bytes) {
            check(&state)?;
        }
    }

    /// One value of a state is another one: every place of it in turn.
    #[test]
    fn any_value_may_stand_anywhere(
        file in prop::sample::select(vec![PROVIDERS, PROVIDERS_SHOWN]),
        at in any::<prop::sample::Index>(),
        value in value(),
    ) {
        let mut state: Value = serde_json::from_str(file).unwrap();
        let mut places = Vec::new();
        pointers(&state, String::new(), &mut places);
        *state.pointer_mut(&places[at.index(places.len())]).unwrap() = value;
        if let Ok(state) = State::read(state.to_string().as_bytes()) {
            check(&state)?;
        }
    }

    #[test]
    fn what_is_written_reads_back(state in state()) {
        check(&State::read(state.as_bytes()).unwrap())?;
    }

    #[test]
    fn a_secret_is_shown_nowhere(secret in "hush-[a-z]{16}", other in value()) {
        for resource_type in resource_types() {
            let state = crate::one(resource_type.name, json!({
                "id": "I1", "access_key": "I1", "access_key_id": "I1", "user": "u", "client_id": 1, "name": other,
                "secret": secret, "secret_key": secret, "token": secret, "key": secret, "api_key": secret,
                "ses_smtp_password_v4": secret,
            }));
            prop_assert_eq!(state.found[0].secrets[0].1.expose_secret(), secret.as_str());
            let found = all(&state);
            let configuration = Configuration::of(&found, &Taken::default());
            let shown = format!("{state:?}{state:#?}{configuration:?}{}", removed_blocks(&state, &found));
            prop_assert!(!shown.contains(&secret));
        }
    }
}

fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| pointers(item, format!("{at}/{n}"), all)),
        Value::Object(object) => {
            for (name, item) in object {
                pointers(item, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), all);
            }
        }
        _ => {}
    }
    all.push(at);
}

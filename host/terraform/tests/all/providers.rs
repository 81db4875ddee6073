//! What is read from the state of each provider.

use std::fmt::Debug;

use keywright_terraform::{Found, State, VendorId};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::{PROVIDERS, PROVIDERS_SHOWN, find, read};

#[derive(Debug, PartialEq)]
struct Expected {
    vendor: &'static str,
    id: &'static str,
    attributes: Value,
    settings: Value,
    expires_at: Option<&'static str>,
    public_parts: &'static [(&'static str, &'static str)],
    secret: (&'static str, &'static str),
}

fn expect(state: &State, address: &str, expected: Expected) {
    let found = find(state, address);
    assert_eq!((found.vendor, found.id.known()), (expected.vendor, expected.id), "{address}");
    assert_eq!(Value::Object(found.attributes.clone()), expected.attributes, "{address}");
    assert_eq!(Value::Object(found.settings.clone()), expected.settings, "{address}");
    assert_eq!(found.expires_at.map(|date| date.to_rfc3339()).as_deref(), expected.expires_at, "{address}");
    let public_parts: Vec<_> = found.public_parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(public_parts, expected.public_parts, "{address}");
    assert_eq!(secrets(found), [expected.secret], "{address}");
}

fn secrets(found: &Found) -> Vec<(&'static str, &str)> {
    found.secrets.iter().map(|(name, secret)| (*name, secret.expose_secret())).collect()
}

#[test]
fn each_of_the_five_providers_is_read() {
    let state = read(PROVIDERS);
    expect(
        &state,
        "incapsula_api_client.other",
        Expected {
            vendor: "imperva",
            id: "1234/482913",
            attributes: json!({
                "account_id": 1234, "user_email": "example@terraform.com", "name": "First", "description": "Last", "enabled": true,
            }),
            settings: json!({}),
            expires_at: Some("2027-09-12T10:33:29+00:00"),
            public_parts: &[("api_id", "482913")],
            secret: ("api_key", "made-up-imperva-0001"),
        },
    );
    expect(
        &state,
        "incapsula_api_client.own",
        Expected {
            vendor: "imperva",
            id: "482914",
            attributes: json!({ "name": "Own", "enabled": false }),
            settings: json!({}),
            expires_at: None,
            public_parts: &[("api_id", "482914")],
            secret: ("api_key", "made-up-imperva-0002"),
        },
    );
    expect(
        &state,
        "module.shop.commercetools_api_client.my-api-client",
        Expected {
            vendor: "commercetools",
            id: "Vn3K2mMadeUpForTests0001",
            attributes: json!({
                "name": "My API Client",
                "scope": ["manage_orders:my-ct-project-key", "manage_payments:my-ct-project-key"],
                "access_token_validity_seconds": 3600,
                "refresh_token_validity_seconds": 60,
            }),
            settings: json!({ "project_key": "my-ct-project-key" }),
            expires_at: None,
            public_parts: &[("client_id", "Vn3K2mMadeUpForTests0001")],
            secret: ("client_secret", "made-up-commercetools-01"),
        },
    );
    expect(
        &state,
        "gcore_iam_api_token.iam_api_token",
        Expected {
            vendor: "gcore",
            id: "9262944/768660",
            attributes: json!({
                "name": "Test Api Token", "description": "API token for Terraform test", "role_id": 2, "role_name": "Users",
            }),
            settings: json!({ "client_id": 9_262_944 }),
            expires_at: Some("2027-01-01T12:00:00+00:00"),
            public_parts: &[],
            secret: ("token", "768660$madeupgcoretoken0000000000000001"),
        },
    );
    expect(
        &state,
        r#"module.keys["eu"].module.scaleway.scaleway_iam_api_key.main["ci/deploy"]"#,
        Expected {
            vendor: "scaleway",
            id: "SCWMADEUP00000000001",
            attributes: json!({
                "application_id": "11111111-1111-4111-8111-111111111111", "description": "a description",
                "default_project_id": "105bdce1-64c0-48ab-899d-868455867ecf",
            }),
            settings: json!({ "organization_id": "105bdce1-64c0-48ab-899d-868455867ecf" }),
            expires_at: Some("2027-03-01T00:00:00+00:00"),
            public_parts: &[("access_key", "SCWMADEUP00000000001")],
            secret: ("secret_key", "00000001-0000-4000-8000-000000000001"),
        },
    );
    expect(
        &state,
        "outscale_access_key.access_key_eim01",
        Expected {
            vendor: "outscale",
            id: "user-1/ABCDEFGHIJ0123456781",
            attributes: json!({ "user_name": "user-1", "state": "ACTIVE", "tag": "ci" }),
            settings: json!({}),
            expires_at: Some("2028-01-01T00:00:00+00:00"),
            public_parts: &[("access_key", "ABCDEFGHIJ0123456781")],
            secret: ("secret_key", "MADEUPOUTSCALESECRETKEY0000000000000001"),
        },
    );
}

#[test]
fn each_of_the_other_providers_is_read() {
    let state = read(PROVIDERS);
    expect(
        &state,
        "module.west.aws_iam_access_key.lb[1]",
        Expected {
            vendor: "aws-iam",
            id: "loadbalancer/AKIAMADEUP0000000001",
            attributes: json!({ "user_name": "loadbalancer", "status": "Active" }),
            settings: json!({}),
            expires_at: None,
            public_parts: &[("access_key_id", "AKIAMADEUP0000000001")],
            secret: ("secret_access_key", "MadeUpAwsSecret0000000000000000000000001"),
        },
    );
    expect(
        &state,
        "digitalocean_spaces_key.foobar",
        Expected {
            vendor: "digitalocean-spaces",
            id: "DO00MADEUP0000000001",
            attributes: json!({ "name": "foobar", "grants": [{ "bucket": "my-bucket", "permission": "read" }] }),
            settings: json!({}),
            expires_at: None,
            public_parts: &[("access_key", "DO00MADEUP0000000001")],
            secret: ("secret_key", "made-up-spaces-secret-key-0000000000000001"),
        },
    );
    expect(
        &state,
        "datadog_api_key.foo",
        Expected {
            vendor: "datadog",
            id: "f1c0ffee-0000-4000-8000-000000000001",
            attributes: json!({ "name": "foo-application", "remote_config_read_enabled": true }),
            settings: json!({}),
            expires_at: None,
            public_parts: &[],
            secret: ("api_key", "0123456789abcdef0123456789made-up"),
        },
    );
}

#[test]
fn nothing_else_is_found_and_only_the_owner_of_one_key_is_in_doubt() {
    let state = read(PROVIDERS);
    assert_eq!((state.found.len(), state.skipped.as_slice()), (13, &[][..]));
    assert_eq!(state.terraform_version.as_deref(), Some("1.11.4"));
    let problems: Vec<_> = state.found.iter().flat_map(|found| &found.problems).collect();
    assert_eq!(problems.len(), 1);
    let root = find(&state, "outscale_access_key.access_key01");
    assert!(problems[0] == &root.problems[0] && problems[0].starts_with("`user_name` is not in the state"));
    assert_eq!(root.id, VendorId::End("ABCDEFGHIJ0123456782".to_owned()));
    assert_eq!((Value::Object(root.attributes.clone()), root.expires_at), (json!({ "state": "INACTIVE" }), None));
}

#[test]
fn the_settings_that_no_state_says_are_named() {
    let state = read(PROVIDERS);
    let missing = |address: &str| find(&state, address).missing_settings().collect::<Vec<_>>();
    assert_eq!(missing("module.shop.commercetools_api_client.my-api-client"), ["region"]);
    assert_eq!(missing("datadog_api_key.foo"), ["site"]);
    // The user whose key it is stands nowhere in the state, so the organization is not known.
    assert_eq!(missing("scaleway_iam_api_key.self"), ["organization_id"]);
    assert!(missing("gcore_iam_api_token.iam_api_token").is_empty());
}

/// All that a state says, with the secrets; without the alias, which only state files hold.
fn told(state: &State) -> Vec<impl Debug + PartialEq> {
    let mut told: Vec<_> = state
        .found
        .iter()
        .map(|found| {
            let parts = (found.public_parts.clone(), format!("{:?}", secrets(found)));
            let settings = (found.settings.clone(), found.attributes.clone());
            (
                found.address.to_string(),
                found.provider.clone(),
                found.id.clone(),
                settings,
                parts,
                found.problems.clone(),
            )
        })
        .collect();
    told.sort_by(|one, other| one.0.cmp(&other.0));
    told
}

#[test]
fn a_state_file_and_what_terraform_shows_of_it_say_the_same() {
    for (raw, shown) in [(PROVIDERS, PROVIDERS_SHOWN), (crate::ODDITIES, crate::ODDITIES_SHOWN)] {
        let (raw, shown) = (read(raw), read(shown));
        assert_eq!(told(&raw), told(&shown));
        let skipped = |state: &State| {
            let mut skipped = state.skipped.clone();
            skipped.sort_by(|one, other| one.address.cmp(&other.address));
            skipped
        };
        assert_eq!(skipped(&raw), skipped(&shown));
    }
}

#[test]
fn a_providers_alias_is_read_from_a_state_file() {
    let (raw, shown) = (read(PROVIDERS), read(PROVIDERS_SHOWN));
    let key = |state| find(state, "module.west.aws_iam_access_key.lb[0]").clone();
    assert_eq!(
        (key(&raw).provider.as_str(), key(&raw).provider_alias.as_deref()),
        ("registry.terraform.io/hashicorp/aws", Some("west"))
    );
    assert_eq!(
        (key(&shown).provider.as_str(), key(&shown).provider_alias),
        ("registry.terraform.io/hashicorp/aws", None)
    );
}

#[test]
fn no_secret_is_shown() {
    let state = read(PROVIDERS);
    let shown = format!("{state:?}");
    for found in &state.found {
        assert_eq!(found.secrets.len(), 1, "{}", found.address);
        for (_, secret) in secrets(found) {
            assert!(!shown.contains(secret), "{}", found.address);
        }
    }
    assert!(!shown.contains("MadeUpSesPassword") && !shown.contains("data-up"));
}

/// The draft of a newer provider that Gcore has dropped: objects in the place of blocks, and a number as id.
#[test]
fn gcores_token_is_read_in_both_shapes() {
    let state = crate::one(
        "gcore_iam_api_token",
        json!({
            "client_id": 9_262_944, "client_user": { "role": { "id": 1, "name": "Administrators" } }, "id": 768_660, "name": "My token",
            "description": "It's my token", "exp_date": "2021-01-01 12:00:00+00:00", "token": "768660_madeup"
        }),
    );
    let found = find(&state, "gcore_iam_api_token.main");
    assert_eq!(found.id, VendorId::Whole("9262944/768660".to_owned()));
    assert_eq!((&found.attributes["role_id"], &found.attributes["role_name"]), (&json!(1), &json!("Administrators")));
    assert_eq!(
        (found.expires_at.unwrap().to_rfc3339().as_str(), found.problems.len()),
        ("2021-01-01T12:00:00+00:00", 0)
    );
}

//! Taking over what was made elsewhere, through the program itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails its test")]

mod common;

use common::home::Home;
use common::{fail, stdout};
use serde_json::{Value, json};

/// A key that somebody made by hand, as the program shows it, and its parts.
fn made_by_hand(home: &Home) -> (String, Value) {
    let made =
        home.json(&["call", home.vendor, "create", "--account", "lab", "--attributes", &sample(home), "--reveal"]);
    (made["credential"]["id"].as_str().unwrap().to_owned(), made["parts"].clone())
}

fn sample(home: &Home) -> String {
    Value::Object(home.sample()).to_string()
}

#[test]
fn a_key_without_its_secret_is_managed_and_the_first_rotation_brings_one() {
    let home = Home::with("scaleway", "grace = \"0\"\nsoak = \"0\"");
    let (id, _) = made_by_hand(&home);
    home.succeed(&["import", "ci", &id]);
    assert_eq!(home.json(&["show", "ci"])["generations"]["1"]["origin"], "imported");
    fail(&mut home.command(&["secret", "show", "ci", "--reveal"]), "does not hold the secret");
    assert!(!home.file("out/ci.json").exists());
    home.succeed(&["rotate", "ci"]);
    assert_eq!(home.json(&["show", "ci"])["generations"]["1"]["status"], "revoked");
    assert!(home.delivered("ci").to_string().contains("SCW"));
}

#[test]
fn a_secret_that_is_given_is_tried_before_it_is_sealed_and_delivered() {
    let home = Home::with("scaleway", "");
    let (id, parts) = made_by_hand(&home);
    let wrong = json!({ "secret_key": common::UNKNOWN_SECRET }).to_string();
    let said = fail(home.command(&["import", "ci", &id, "--credential-file", "-"]).write_stdin(wrong), "not proven");
    assert!(!said.contains(common::UNKNOWN_SECRET));
    let given = json!({ "secret_key": parts["secret_key"] }).to_string();
    home.command(&["import", "ci", &id, "--credential-file", "-"]).write_stdin(given).assert().success();
    assert!(home.delivered("ci").to_string().contains(parts["secret_key"].as_str().unwrap()));
}

#[test]
fn what_cannot_be_managed_is_refused() {
    let home = Home::with("scaleway", "");
    let own = home.simulator.vendor().account().credential["access_key"].clone();
    fail(&mut home.command(&["import", "ci", &own]), "itself works with");
    fail(&mut home.command(&["import", "ci", "SCWAAAAAAAAAAAAAAAAA"]), "knows no credential");
    fail(&mut home.command(&["import", "c", &own]), "no credential `c`");
    home.succeed(&["apply"]);
    let id = home.json(&["show", "ci"])["generations"]["1"]["vendor_id"].as_str().unwrap().to_owned();
    let sample = home.sample();
    let attributes = toml::Value::try_from(&sample).unwrap();
    home.configure_with(&format!(
        "[credentials.ci]\naccount = \"lab\"\npublish = [\"file\"]\nattributes = {attributes}\n\
         [credentials.other]\naccount = \"lab\"\nattributes = {attributes}\n"
    ));
    fail(&mut home.command(&["import", "other", &id]), "is what another credential uses");
}

#[test]
fn the_keys_of_a_terraform_state_are_taken_over_with_their_secrets() {
    let home = Home::with("scaleway", "");
    let (id, parts) = made_by_hand(&home);
    let sample = home.sample();
    let state = json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "outputs": {},
        "resources": [{
            "mode": "managed", "type": "scaleway_iam_api_key", "name": "deploy",
            "provider": "provider[\"registry.terraform.io/scaleway/scaleway\"]",
            "instances": [{ "schema_version": 0, "attributes": {
                "id": id, "access_key": id, "secret_key": parts["secret_key"],
                "application_id": sample["application_id"], "user_id": "",
                "description": sample.get("description").cloned().unwrap_or(json!("")),
                "default_project_id": null, "expires_at": "", "editable": true,
                "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", "creation_ip": ""
            }}]
        }]
    });
    std::fs::write(home.file("state.json"), state.to_string()).unwrap();
    let arguments = ["import", "--terraform", "state.json", "--with-secrets"];
    let printed = home.command(&arguments).output().unwrap();
    assert_eq!(printed.status.code(), Some(2));
    let fragment = stdout(&printed);
    assert!(fragment.contains("[credentials.scaleway-deploy]\naccount = \"lab\""), "{fragment}");
    assert!(!fragment.contains(parts["secret_key"].as_str().unwrap()));
    home.configure_with(&fragment.replace("account = \"lab\"", "account = \"lab\"\npublish = [\"file\"]"));
    let removed = home.succeed(&arguments);
    assert!(removed.contains("from = scaleway_iam_api_key.deploy"), "{removed}");
    assert!(home.delivered("scaleway-deploy").to_string().contains(parts["secret_key"].as_str().unwrap()));
    // Again, nothing is taken over twice; and nothing is to be changed.
    home.succeed(&arguments);
    let planned = home.command(&["plan", "scaleway-deploy"]).output().unwrap();
    assert_eq!(planned.status.code(), Some(0), "{}", stdout(&planned));
}

//! Credentials with a name, from `init` to `revoke`, through the program itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails its test")]

mod common;

use common::home::Home;
use common::{fail, stderr};
use serde_json::{Value, json};

/// Vendors whose simulators take a second credential beside the first.
fn vendors() -> impl Iterator<Item = &'static str> {
    keywright_simulators::names().filter(|vendor| keywright_adapters::find(vendor).is_some())
}

#[test]
fn at_each_vendor_a_credential_is_planned_made_delivered_rotated_and_revoked() {
    for vendor in vendors() {
        let home = Home::with(vendor, "grace = \"0\"\nsoak = \"0\"\ngate-on-use = false");
        let planned = home.command(&["plan"]).output().unwrap();
        assert_eq!(planned.status.code(), Some(2), "{vendor}: {}", stderr(&planned));
        home.succeed(&["apply"]);
        let first = home.delivered("ci");
        assert_eq!(home.creations(), 1, "{vendor}");
        home.succeed(&["plan"]);
        assert_eq!(home.json(&["status"])["in_use"], 1, "{vendor}");

        home.succeed(&["rotate", "ci", "--allow-downtime"]);
        let second = home.delivered("ci");
        assert_ne!(first, second, "{vendor}");
        let shown = home.json(&["show", "ci"]);
        assert_eq!(shown["current"], 2, "{vendor}: {shown}");
        assert!(["revoked", "replaced"].contains(&shown["generations"]["1"]["status"].as_str().unwrap()), "{shown}");
        let secret = home.json(&["secret", "show", "ci", "--reveal"]);
        for (name, value) in secret["parts"].as_object().unwrap() {
            assert!(second.to_string().contains(value.as_str().unwrap()), "{vendor}: {name} is not delivered");
        }
        let timeline = home.succeed(&["history", "ci"]);
        assert!(timeline.contains("generation 2 is in use"), "{timeline}");

        home.succeed(&["revoke", "ci", "--yes"]);
        assert!(!home.file("out/ci.json").exists() || !home.delivered("ci").to_string().contains("generation"));
        assert_eq!(home.json(&["status"])["revoked"], 1, "{vendor}");
    }
}

#[test]
fn a_lost_answer_is_found_by_its_marker_and_ended_and_the_credential_is_made_anew() {
    let home = Home::with("scaleway", "grace = \"0\"\nsoak = \"0\"");
    home.fault("lose-answer@create*1");
    home.succeed(&["apply", "--wait", "5m"]);
    assert_eq!(home.creations(), 2, "one for each generation");
    let shown = home.json(&["show", "ci"]);
    assert_eq!((&shown["current"], &shown["generations"]["1"]["status"]), (&json!(2), &json!("void")), "{shown}");
    let live = home.json(&["call", "scaleway", "list", "--account", "lab"]);
    let ours = |it: &&Value| it["marker"].as_str().is_some_and(|marker| marker.starts_with("kw"));
    assert_eq!(live["credentials"].as_array().unwrap().iter().filter(ours).count(), 1, "{live}");
}

#[test]
fn what_cannot_be_done_is_said_in_one_sentence_and_changes_nothing() {
    let home = Home::at("scaleway");
    home.configure("", &home.sample());
    fail(&mut home.command(&["plan"]), "keywright init");
    home.succeed(&["init"]);
    fail(&mut home.command(&["init"]), "set up already");
    fail(&mut home.command(&["show", "c"]), "the store has no credential `c`");
    fail(&mut home.command(&["rotate", "ci"]), "the store has no credential `ci`");
    home.succeed(&["apply"]);
    let made = home.creations();
    fail(&mut home.command(&["suspend", "ci"]), "the vendor cannot disable");
    fail(&mut home.command(&["revoke", "ci"]), "--yes");
    std::fs::write(home.file("key/key"), "keywright-key-1:wrong\n").unwrap();
    fail(&mut home.command(&["rotate", "ci"]), "key");
    assert_eq!(home.creations(), made);
}

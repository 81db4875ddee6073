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
fn a_credential_that_is_made_anew_after_its_revocation_is_taken_out_of_its_sinks_again() {
    let home = Home::with("scaleway", "grace = \"0\"\nsoak = \"0\"");
    for _ in 0..2 {
        home.succeed(&["apply"]);
        assert!(home.file("out/ci.json").exists());
        home.succeed(&["revoke", "ci", "--yes"]);
        assert!(!home.file("out/ci.json").exists());
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

#[test]
fn a_changed_attribute_is_changed_in_place_and_a_greater_serial_rotates_once() {
    let home = Home::with("scaleway", "grace = \"0\"\nsoak = \"0\"");
    home.succeed(&["apply"]);
    let mut sample = home.sample();
    sample.insert("description".to_owned(), json!("another"));
    home.configure("grace = \"0\"\nsoak = \"0\"", &sample);
    let planned = home.command(&["plan"]).output().unwrap();
    let shown = common::stdout(&planned);
    assert!(shown.contains("change in place") && shown.contains("description"), "{shown}");
    home.succeed(&["apply"]);
    assert_eq!(home.json(&["show", "ci"])["current"], 1, "the secret is the same");
    home.succeed(&["plan"]);
    home.configure("grace = \"0\"\nsoak = \"0\"\nrotate-serial = 1", &sample);
    home.succeed(&["apply"]);
    home.succeed(&["apply"]);
    assert_eq!(home.json(&["show", "ci"])["current"], 2, "once");
}

#[test]
fn what_is_not_configured_any_more_is_revoked_only_when_that_is_confirmed() {
    let home = Home::with("outscale", "grace = \"0\"\nsoak = \"0\"");
    home.succeed(&["apply"]);
    home.configure_with("");
    let refused = home.command(&["apply"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let said = stderr(&refused);
    assert!(said.contains("`ci` would be revoked") && said.contains("--yes"), "{said}");
    assert_eq!(home.json(&["status"])["in_use"], 1);
    // The account cannot go while something of it lives.
    let text = std::fs::read_to_string(home.file("keywright.toml")).unwrap();
    std::fs::write(home.file("keywright.toml"), text.split("[accounts.lab]").next().unwrap()).unwrap();
    fail(&mut home.command(&["plan"]), "has no account `lab` any more");
    std::fs::write(home.file("keywright.toml"), text).unwrap();
    home.succeed(&["apply", "--yes"]);
    assert_eq!(home.json(&["status"])["revoked"], 1);
}

#[test]
fn a_suspended_credential_is_disabled_at_the_vendor_and_stays_as_it_is_until_it_is_resumed() {
    let home = Home::with("outscale", "grace = \"0\"\nsoak = \"0\"");
    home.succeed(&["apply"]);
    home.succeed(&["suspend", "ci"]);
    assert_eq!(home.json(&["status"])["suspended"], 1);
    home.succeed(&["plan"]);
    fail(&mut home.command(&["rotate", "ci"]), "suspended");
    home.succeed(&["resume", "ci"]);
    assert_eq!(home.json(&["status"])["suspended"], 0);
    home.succeed(&["rotate", "ci"]);
}

#[test]
fn another_key_seals_everything_anew_and_the_old_one_opens_nothing() {
    let home = Home::with("scaleway", "");
    home.succeed(&["apply"]);
    let before = home.succeed(&["secret", "show", "ci", "--reveal"]);
    home.succeed(&["key", "rotate", "--new", "key/new"]);
    fail(&mut home.command(&["secret", "show", "ci", "--reveal"]), "key");
    let text = std::fs::read_to_string(home.file("keywright.toml")).unwrap();
    std::fs::write(home.file("keywright.toml"), text.replace("key/key", "key/new")).unwrap();
    assert_eq!(home.succeed(&["secret", "show", "ci", "--reveal"]), before);
    home.succeed(&["rotate", "ci"]);
}

#[test]
fn a_secret_that_only_sinks_keep_is_not_in_the_store() {
    let home = Home::with("scaleway", "retain = \"none\"");
    home.succeed(&["apply"]);
    let delivered = home.delivered("ci").to_string();
    fail(&mut home.command(&["secret", "show", "ci", "--reveal"]), "retain");
    for file in ["store.db", "store.db-wal"] {
        let Ok(stored) = std::fs::read(home.file(".keywright").join(file)) else { continue };
        let secret = home.simulator.vendor().account().credential["secret_key"].clone();
        assert!(!stored.windows(secret.len()).any(|window| window == secret.as_bytes()), "{delivered}");
    }
}

#[test]
fn a_sink_that_refuses_holds_the_rotation_and_the_old_secret_stays_in_use() {
    let home = Home::with("scaleway", "grace = \"0\"\nsoak = \"0\"");
    home.succeed(&["apply"]);
    let before = home.delivered("ci");
    // Nobody but a directory is there.
    std::fs::remove_file(home.file("out/ci.json")).unwrap();
    std::fs::create_dir(home.file("out/ci.json")).unwrap();
    let made = home.creations();
    fail(&mut home.command(&["rotate", "ci"]), "sink `file`");
    assert_eq!(home.creations(), made, "the sink is asked before anything is made");
    std::fs::remove_dir(home.file("out/ci.json")).unwrap();
    home.succeed(&["rotate", "ci"]);
    assert_ne!(home.delivered("ci"), before);
}

#[test]
fn a_command_gets_the_secret_in_its_environment_and_nothing_else_does() {
    let home = Home::with("scaleway", "");
    home.succeed(&["apply"]);
    let secret = home.succeed(&["secret", "show", "ci", "--reveal", "--part", "secret_key"]);
    let printed = home.succeed(&["run", "ci", "--", "sh", "-c", "printf '%s\\n' \"$SCW_SECRET_KEY\""]);
    assert_eq!(printed, secret);
    let status = home.command(&["run", "ci", "--", "sh", "-c", "exit 7"]).output().unwrap().status;
    assert_eq!(status.code(), Some(7));
    assert!(!home.succeed(&["secret", "show", "ci"]).contains(secret.trim()));
}

#[test]
fn doctor_looks_at_everything_and_changes_nothing() {
    let home = Home::with("scaleway", "");
    let well = home.json(&["doctor"]);
    assert_eq!(well["ok"], true, "{well}");
    assert_eq!(home.creations(), 0);
    let mut sample = home.sample();
    sample.insert("no_such".to_owned(), json!("x"));
    home.configure("", &sample);
    let output = home.command(&["doctor"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(common::stdout(&output).contains("WRONG  credential ci"), "{}", common::stdout(&output));
}

#[test]
fn an_account_that_is_at_another_vendor_by_now_is_not_asked() {
    let home = Home::with("outscale", "grace = \"0\"\nsoak = \"0\"");
    home.succeed(&["apply"]);
    let text = std::fs::read_to_string(home.file("keywright.toml")).unwrap();
    let other = text.replace("vendor = \"outscale\"", "vendor = \"imperva\"");
    let other = other.replace("[accounts.lab.settings]\nregion", "[accounts.lab.settings]\n# region");
    let (before, after) = other.split_once("[accounts.lab.credential]").unwrap();
    let after = after.split_once("[credentials.ci]").unwrap().1;
    let credential =
        "[accounts.lab.credential]\napi_id = { env = \"LAB_OWNER\" }\napi_key = { env = \"LAB_SECRET_KEY\" }\n";
    std::fs::write(home.file("keywright.toml"), format!("{before}{credential}[credentials.ci]{after}")).unwrap();
    let asked = home.simulator.requests().len();
    for command in [&["revoke", "ci", "--yes"][..], &["rotate", "ci"]] {
        let output = home.command(command).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    }
    let revoked = home.simulator.requests()[asked..].iter().filter(|it| it.operation == Some("revoke")).count();
    assert_eq!(revoked, 0);
    std::fs::write(home.file("keywright.toml"), text).unwrap();
    assert_eq!(home.json(&["status"])["in_use"], 1);
}

#[test]
fn a_sweep_knows_what_is_managed_through_another_account_of_the_configuration() {
    let home = Home::with("scaleway", "");
    home.succeed(&["apply"]);
    let foreign = home.simulator.vendor().issue_by_hand();
    let text = std::fs::read_to_string(home.file("keywright.toml")).unwrap();
    let second = text.split("[accounts.lab]").nth(1).unwrap().split("[credentials.ci]").next().unwrap();
    let second = format!("[accounts.second]{}", second.replace("[accounts.lab.", "[accounts.second."));
    std::fs::write(home.file("keywright.toml"), format!("{text}\n{second}")).unwrap();
    let swept = home.json(&["sweep", "second", "--least-age", "1s"]);
    let findings = swept["accounts"][0]["findings"].as_array().unwrap();
    let class = |id: &str| findings.iter().find(|it| it["id"] == id).map(|it| it["class"].clone());
    let id = home.json(&["show", "ci"])["generations"]["1"]["vendor_id"].as_str().unwrap().to_owned();
    assert_eq!(class(&id), Some(json!("current")), "{swept}");
    assert_eq!(class(&foreign), Some(json!("foreign")), "{swept}");
    home.succeed(&["sweep", "second", "--delete", "--yes", "--least-age", "1s"]);
    home.succeed(&["plan"]);
    // Nor is it taken over a second time, to be ended by either.
    let more = std::fs::read_to_string(home.file("keywright.toml")).unwrap();
    std::fs::write(home.file("keywright.toml"), format!("{more}\n[credentials.twin]\naccount = \"second\"\n")).unwrap();
    fail(&mut home.command(&["import", "twin", &id]), "is what another credential uses");
}

#[test]
fn a_command_does_not_get_what_administers_the_vendor_or_opens_the_store() {
    let home = Home::with("scaleway", "");
    home.succeed(&["apply"]);
    let text = std::fs::read_to_string(home.file("keywright.toml")).unwrap();
    let with_another = format!("{text}\n[accounts.other]\nvendor = \"datadog\"\n");
    std::fs::write(home.file("keywright.toml"), with_another).unwrap();
    let mut command = home.command(&["run", "ci", "--", "env"]);
    // Named by the configuration, in a vendor's own variable, and neither.
    command.env("DD_APP_KEY", common::CANARY).env("SCW_DEFAULT_REGION", "fr-par").env("MINE", "stays");
    let seen = common::succeed(&mut command);
    let administrator = home.simulator.vendor().account().credential["secret_key"].clone();
    assert!(!seen.contains(&administrator) && !seen.contains(common::CANARY), "{seen}");
    assert!(seen.contains("MINE=stays") && seen.contains("SCW_SECRET_KEY="), "{seen}");
}

#[test]
fn a_sweep_ends_what_it_can_when_the_vendor_refuses_one_and_says_which() {
    let home = Home::with("scaleway", "");
    home.succeed(&["apply"]);
    // Keys with this installation's marker that the store knows nothing of.
    let marker = home.json(&["show", "ci"])["generations"]["1"]["marker"].as_str().unwrap().to_owned();
    let sample = Value::Object(home.sample()).to_string();
    let made: Vec<String> = ["a", "b"]
        .iter()
        .map(|end| {
            let marker = format!("{}{end}", &marker[..marker.len() - 1]);
            let create = ["call", "scaleway", "create", "--account", "lab", "--attributes", &sample, "--reveal"];
            let made = common::succeed_json(home.command(&create).args(["--marker", &marker]));
            made["credential"]["id"].as_str().unwrap().to_owned()
        })
        .collect();
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    home.fault("server-error@revoke*1");
    let mut sweep = home.command(&["sweep", "--delete", "--yes", "--least-age", "1s", "-o", "json"]);
    let output = sweep.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let swept: Value = serde_json::from_str(&common::stdout(&output)).unwrap();
    let ids = |name: &str| -> Vec<&str> {
        swept[name].as_array().unwrap().iter().filter_map(|it| it["id"].as_str()).collect()
    };
    let mut all = [ids("ended"), ids("failed")].concat();
    all.sort_unstable();
    let mut made: Vec<&str> = made.iter().map(String::as_str).collect();
    made.sort_unstable();
    assert_eq!((all, ids("failed").len()), (made, 1), "{swept}");
    home.succeed(&["plan"]);
}

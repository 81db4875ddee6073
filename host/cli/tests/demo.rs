//! `keywright demo`

mod common;

use common::{fail, keywright, stderr, stdout, succeed, succeed_json};
use serde_json::Value;

const STEPS: [&str; 23] = [
    "simulate",
    "load",
    "check",
    "create",
    "verify",
    "get",
    "list",
    "update",
    "suspend",
    "regenerate",
    "rotate",
    "import",
    "revoke",
    "init",
    "plan",
    "apply",
    "deliver",
    "overlap",
    "kill",
    "recover",
    "foreign",
    "end",
    "status",
];

#[test]
fn the_whole_life_is_lived_at_every_vendor() {
    let summary = succeed_json(&mut keywright(&["demo"]));
    assert_eq!(summary["ok"], true);
    let vendors = summary["vendors"].as_array().unwrap();
    let names: Vec<&str> = vendors.iter().map(|vendor| vendor["vendor"].as_str().unwrap()).collect();
    let built_in: Vec<&str> = keywright_adapters::all().iter().map(|adapter| adapter.vendor).collect();
    assert_eq!(names, built_in);
    for vendor in vendors {
        assert_eq!(vendor["ok"], true);
        let steps = vendor["steps"].as_array().unwrap();
        let names: Vec<&str> = steps.iter().map(|step| step["step"].as_str().unwrap()).collect();
        assert_eq!(names, STEPS);
        for step in steps {
            assert_eq!(step["ok"], true, "{step}");
            assert!(step["skipped"] == true || step["ms"].as_f64().unwrap() > 0.0, "{step}");
            assert!(!step["detail"].as_str().unwrap().is_empty(), "{step}");
        }
    }
    assert!(vendors[0]["steps"][3].get("skipped").is_none(), "create is never skipped");
    // Where SIGKILL is, no built-in vendor is without the steps about it.
    let skipped = vendors.iter().flat_map(|vendor| &vendor["steps"].as_array().unwrap()[13..]);
    assert!(!cfg!(unix) || skipped.clone().all(|step| step.get("skipped").is_none()), "{summary}");
    let recovered = |vendor: &str| {
        let vendor = vendors.iter().find(|it| it["vendor"] == vendor).unwrap();
        vendor["steps"][19]["detail"].as_str().unwrap().to_owned()
    };
    assert!(recovered("scaleway").contains("found by its marker and revoked"));
    assert!(recovered("aws-iam").contains("no marker, so nothing was guessed"));
}

#[test]
fn people_read_one_line_a_step() {
    let text = succeed(&mut keywright(&["demo", "scaleway"]));
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines.len(), STEPS.len(), "{text}");
    for (line, step) in lines.iter().zip(STEPS) {
        assert_eq!(line[..2], ["scaleway", step]);
        assert!(line[2] == "skipped" || (line[2] == "ok" && line[4] == "ms"), "{text}");
    }
}

#[test]
fn a_step_that_fails_ends_the_life_and_the_program_with_1() {
    let output = keywright(&["demo", "scaleway", "--fault", "server-error@update", "-o", "json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let summary: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(summary["ok"], false);
    let steps = summary["vendors"][0]["steps"].as_array().unwrap();
    let last = steps.last().unwrap();
    assert_eq!((last["step"].as_str(), last["ok"].as_bool()), (Some("update"), Some(false)));
    assert!(last["error"]["kind"].is_string() && last["error"]["message"].is_string(), "{last}");
    assert!(steps[..steps.len() - 1].iter().all(|step| step["ok"] == true));
    let error: Value = serde_json::from_str(&stderr(&output)).unwrap();
    assert_eq!(error["error"]["kind"], "demo");
}

#[test]
fn people_read_where_it_failed() {
    let output = keywright(&["demo", "scaleway", "--fault", "lose-answer@create"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).lines().last().unwrap().contains("FAILED"), "{}", stdout(&output));
    assert!(stderr(&output).starts_with("error: scaleway failed at create: "), "{}", stderr(&output));
    assert_eq!(stderr(&output).lines().count(), 1);
}

#[test]
fn an_unknown_vendor_is_refused() {
    let said = fail(&mut keywright(&["demo", "scalway"]), "`scalway`");
    assert!(said.contains("did you mean `scaleway`?"), "{said}");
}

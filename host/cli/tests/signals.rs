//! Signals while the vendor is at work.

#![allow(clippy::unwrap_used, reason = "what fails here fails its test")]
#![cfg(unix)]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::{Simulated, stderr, stdout};
use serde_json::Value;

/// A creation whose answer takes its time, at the moment when the vendor has the request.
struct Creation {
    simulated: Simulated,
    child: Child,
}

impl Creation {
    fn under_way(fault: &str) -> Self {
        let simulated = Simulated::with(&[], &[fault]);
        let application = format!("application_id={}", simulated.application());
        let key = simulated.file("key.json");
        let template = simulated.call(&[
            "create",
            "--attr",
            &application,
            "--marker",
            "kw-1",
            "--secret-file",
            key.to_str().unwrap(),
        ]);
        let mut command = Command::new(template.get_program());
        command.args(template.get_args()).env_clear().current_dir(template.get_current_dir().unwrap());
        for (name, value) in template.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
        let creation = Self { simulated, child };
        creation.wait_for("the request", |creation| {
            creation.simulated.simulator.requests().iter().any(|request| request.operation == Some("create"))
        });
        assert!(!creation.key().exists(), "there is no file of the secret before there is a secret");
        creation
    }

    fn wait_for(&self, what: &str, is_there: impl Fn(&Self) -> bool) {
        let ends = Instant::now() + Duration::from_secs(60);
        while !is_there(self) {
            assert!(Instant::now() < ends, "{what} did not come");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn key(&self) -> std::path::PathBuf {
        self.simulated.file("key.json")
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    fn ended(self) -> (Simulated, Output) {
        (self.simulated, self.child.wait_with_output().unwrap())
    }
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn after_a_signal_the_answer_is_waited_for_and_the_secret_delivered() {
    for signal in ["INT", "TERM", "HUP"] {
        let creation = Creation::under_way("slow=1500ms@create*1");
        creation.signal(signal);
        let (simulated, output) = creation.ended();
        assert_eq!(output.status.code(), Some(0), "{signal}: {}", stderr(&output));
        assert!(stderr(&output).starts_with(&format!("SIG{signal}: waiting for the vendor's answer")), "{output:?}");
        assert!(stdout(&output).contains("kw-1"), "{output:?}");
        let written: Value = serde_json::from_str(&fs::read_to_string(simulated.file("key.json")).unwrap()).unwrap();
        assert!(written["secret_key"].is_string());
    }
}

#[test]
fn after_a_signal_a_lost_answer_still_says_how_to_look() {
    let creation = Creation::under_way("stall@create*1");
    creation.signal("TERM");
    let (simulated, output) = creation.ended();
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("list --filter application_id=") && said.contains(" --marker kw-1 --endpoint "), "{said}");
    assert_eq!(names(simulated.directory.path()), ["ca.pem"], "nothing is left that is in the way of another try");
}

#[test]
fn a_second_signal_ends_at_once_and_says_how_to_look() {
    let creation = Creation::under_way("slow=20s@create*1");
    let begun = Instant::now();
    creation.signal("INT");
    std::thread::sleep(Duration::from_millis(300));
    creation.signal("INT");
    let (simulated, output) = creation.ended();
    let said = stderr(&output);
    assert!(begun.elapsed() < Duration::from_secs(10), "it is at once");
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("error: SIGINT ended `create` before the vendor answered"), "{said}");
    assert!(said.contains("list --filter application_id=") && said.contains(" --marker kw-1 "), "{said}");
    assert_eq!(names(simulated.directory.path()), ["ca.pem"], "nothing is left that is in the way of another try");
}

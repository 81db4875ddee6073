//! `keywright simulate`
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "what fails here fails its test")]

mod common;

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use common::{fail, keywright, succeed, succeed_json};
use serde_json::Value;

/// A simulator in a process of its own.
struct Process {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        let template = keywright(&[]);
        let mut command = Command::new(template.get_program());
        for (name, value) in template.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        let mut child = command
            .current_dir(template.get_current_dir().unwrap())
            .arg("simulate")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line
    }

    fn ready(&mut self) -> Value {
        serde_json::from_str(&self.line()).unwrap()
    }

    /// Ends it as `signal`, and gives what it said on standard error.
    fn stop(mut self, signal: &str) -> String {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
    }
}

#[test]
fn a_program_gets_one_line_when_it_is_ready_and_can_use_it() {
    let mut process = Process::start(&["scaleway", "-o", "json"]);
    let ready = process.ready();
    let names: Vec<&String> = ready.as_object().unwrap().keys().collect();
    assert_eq!(names, ["also", "auth", "base_url", "ca_file", "sample", "settings", "vendor"]);
    assert_eq!(ready["vendor"], "scaleway");
    let ca_file = ready["ca_file"].as_str().unwrap().to_owned();

    let list = succeed_json(
        keywright(&[
            "call",
            "scaleway",
            "list",
            "--endpoint",
            ready["base_url"].as_str().unwrap(),
            "--ca-file",
            &ca_file,
        ])
        .env("SCW_DEFAULT_ORGANIZATION_ID", ready["settings"]["organization_id"].as_str().unwrap())
        .env("SCW_SECRET_KEY", ready["auth"]["secret_key"].as_str().unwrap()),
    );
    assert_eq!(list["credentials"][0]["id"], ready["auth"]["access_key"]);

    let said = process.stop("-TERM");
    assert_eq!(said, "", "nothing else is printed for a program that reads JSON");
    assert!(!Path::new(&ca_file).exists(), "what it wrote is removed");
}

/// The third example of Imperva's page is about a user of a sub-account, whose number only the simulator knows.
#[test]
fn what_the_examples_of_a_vendors_page_name_is_said_when_it_is_ready() {
    let mut process = Process::start(&["imperva", "-o", "json"]);
    let ready = process.ready();
    let (base_url, ca_file) = (ready["base_url"].as_str().unwrap(), ready["ca_file"].as_str().unwrap());
    let account = format!("account_id={}", ready["also"]["account_id of its sub-account"].as_str().unwrap());
    let user = format!("user_email={}", ready["also"]["user_email of another user, in both"].as_str().unwrap());
    let mut create = keywright(&["call", "imperva", "create", "--reveal", "--attr", "name=First", "--attr", &account]);
    create.args(["--attr", "description=Last", "--attr", "enabled=true", "--expires-in", "300d", "--attr", &user]);
    create.args(["--endpoint", base_url, "--ca-file", ca_file]);
    for (name, value) in ready["settings"].as_object().unwrap() {
        create.args(["--set", &format!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))]);
    }
    create.env("INCAPSULA_API_ID", ready["auth"]["api_id"].as_str().unwrap());
    create.env("INCAPSULA_API_KEY", ready["auth"]["api_key"].as_str().unwrap());
    let created = succeed_json(&mut create);
    assert_eq!(created["credential"]["attributes"]["user_email"], "example@terraform.com", "{created}");
    process.stop("-TERM");

    for adapter in keywright_adapters::all() {
        let mut process = Process::start(&[adapter.vendor, "-o", "json"]);
        assert!(process.ready()["sample"].as_object().is_some_and(|sample| !sample.is_empty()), "{}", adapter.vendor);
        process.stop("-TERM");
    }
}

#[test]
fn the_ca_file_is_in_a_private_directory() {
    use std::os::unix::fs::PermissionsExt as _;

    let mut process = Process::start(&["scaleway", "-o", "json"]);
    let ca_file = process.ready()["ca_file"].as_str().unwrap().to_owned();
    let directory = Path::new(&ca_file).parent().unwrap();
    assert_eq!(std::fs::metadata(directory).unwrap().permissions().mode() & 0o777, 0o700);
    process.stop("-INT");
}

#[test]
fn plain_http_has_no_ca_file() {
    let mut process = Process::start(&["scaleway", "--plain-http", "-o", "json"]);
    let ready = process.ready();
    assert!(ready["base_url"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    assert_eq!(ready["ca_file"], Value::Null);
    let list = ["call", "scaleway", "list", "--endpoint", ready["base_url"].as_str().unwrap()];
    succeed(
        keywright(&list)
            .env("SCW_DEFAULT_ORGANIZATION_ID", ready["settings"]["organization_id"].as_str().unwrap())
            .env("SCW_SECRET_KEY", ready["auth"]["secret_key"].as_str().unwrap()),
    );
    process.stop("-TERM");
}

#[test]
fn a_person_gets_lines_to_paste_into_a_shell() {
    let mut process = Process::start(&["scaleway"]);
    let mut block = String::new();
    while !block.contains("\nkeywright call ") {
        let line = process.line();
        assert_ne!(line, "", "{block}");
        block.push_str(&line);
    }
    for variable in ["SCW_DEFAULT_ORGANIZATION_ID", "SCW_ACCESS_KEY", "SCW_SECRET_KEY"] {
        assert!(block.contains(&format!("export {variable}=")), "{block}");
    }
    // The block is pasted as it is, with `keywright` found where it is.
    let script = block.replace("\nkeywright ", &format!("\n{} ", env!("CARGO_BIN_EXE_keywright")));
    let template = keywright(&[]);
    let mut shell = assert_cmd::Command::new("sh");
    shell.env_clear().args(["-c", &script]);
    for (name, value) in template.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    assert!(succeed(&mut shell).contains("SCW"));
    assert!(process.stop("-TERM").contains("Ctrl-C"));
}

#[test]
fn each_of_several_simulators_has_its_line() {
    let mut process = Process::start(&["scaleway", "scaleway", "-o", "json"]);
    let (one, other) = (process.ready(), process.ready());
    assert_ne!(one["base_url"], other["base_url"]);
    assert_ne!(one["auth"], other["auth"]);
    process.stop("-TERM");
}

#[test]
fn faults_and_options_reach_the_simulator() {
    let mut process =
        Process::start(&["scaleway", "-o", "json", "--option", "quota=1", "--fault", "rate-limit@list*1"]);
    let ready = process.ready();
    let call = |arguments: &[&str]| {
        let mut command = keywright(&["call", "scaleway"]);
        command
            .args(arguments)
            .args(["--endpoint", ready["base_url"].as_str().unwrap(), "--ca-file", ready["ca_file"].as_str().unwrap()])
            .env("SCW_DEFAULT_ORGANIZATION_ID", ready["settings"]["organization_id"].as_str().unwrap())
            .env("SCW_SECRET_KEY", ready["auth"]["secret_key"].as_str().unwrap());
        command
    };
    assert_eq!(common::fail_json(&mut call(&["list"]))["kind"], "rate-limited");
    succeed(&mut call(&["list"]));
    process.stop("-TERM");
}

#[test]
fn what_cannot_be_simulated_is_refused() {
    let said = fail(&mut keywright(&["simulate", "scalway"]), "`scalway`");
    assert!(said.contains("did you mean `scaleway`?"), "{said}");
    fail(&mut keywright(&["simulate"]), "<VENDOR>");
    fail(&mut keywright(&["simulate", "scaleway", "--fault", "loose-answer"]), "loose-answer");
    fail(&mut keywright(&["simulate", "scaleway", "--fault", "cut@rotate"]), "rotate");
    fail(&mut keywright(&["simulate", "scaleway", "--option", "qouta=1"]), "qouta");
    fail(&mut keywright(&["simulate", "scaleway", "--option", "quota=many"]), "quota");
    fail(&mut keywright(&["simulate", "scaleway", "scaleway", "--listen", "127.0.0.1:8443"]), "8443");
    fail(&mut keywright(&["simulate", "scaleway", "--listen", "here"]), "--listen");
}

#[test]
fn a_port_in_use_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    fail(&mut keywright(&["simulate", "scaleway", "--listen", &address]), &address);
}

#[test]
fn the_help_lists_the_faults_and_the_options() {
    let help = succeed(&mut keywright(&["simulate", "--help"]));
    for (name, _) in keywright_simulators::Fault::all() {
        assert!(help.contains(name), "{name}");
    }
    for option in keywright_simulators::options("scaleway").unwrap() {
        assert!(help.contains(option.name), "{}", option.name);
    }
}

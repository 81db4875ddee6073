//! Help, versions, and invocations that are not understood.

mod common;

use common::{fail, fail_json, keywright, stdout, succeed};

#[test]
fn help_and_version_succeed() {
    assert_eq!(succeed(&mut keywright(&["--version"])), format!("keywright {}\n", env!("CARGO_PKG_VERSION")));
    for arguments in [&["--help"][..], &["help", "call"], &["call", "--help"], &["adapter", "-h"]] {
        assert!(succeed(&mut keywright(arguments)).contains("Usage:"), "{arguments:?}");
    }
}

#[test]
fn without_a_command_there_is_help_and_failure() {
    let output = keywright(&[]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "");
    assert!(common::stderr(&output).contains("Usage:"));
}

#[test]
fn what_is_not_understood_fails_with_1_and_one_sentence() {
    fail(&mut keywright(&["dmo"]), "'dmo'");
    fail(&mut keywright(&["demo", "--fast"]), "--fast");
    fail(&mut keywright(&["demo", "-o", "yaml"]), "'yaml'");
    fail(&mut keywright(&["call"]), "<VENDOR|FILE>");
    let error = fail_json(&mut keywright(&["dmo"]));
    assert_eq!(error["kind"], "usage");
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_gone_is_no_reason_to_complain() {
    use std::process::{Command, Stdio};

    let template = keywright(&[]);
    let mut command = Command::new(template.get_program());
    for (name, value) in template.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output =
        command.args(["adapter", "inspect", "scaleway"]).stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(common::stderr(&output), "");
}

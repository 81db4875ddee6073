//! Nothing that a component or a vendor says steers the terminal, or hides in what is shown.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails its test")]

mod common;

use std::fs;

use assert_cmd::Command;
use common::{Simulated, keywright, replaced, stderr, stdout, succeed_json, third_party};
use keywright_descriptor::is_unprintable;

/// Turns the direction, has no width, is a tag, starts a control sequence of C1, ends a line.
const HIDDEN: &str = "a\u{202e}b\u{200b}c\u{e0041}d\u{9b}2Je\u{2028}f";

/// What it prints, of which all can be seen.
fn shown(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = format!("{}{}", stdout(&output), stderr(&output));
    let hidden = said.chars().find(|character| *character != '\n' && is_unprintable(*character));
    assert_eq!(hidden, None, "{said:?}");
    assert!(!said.is_empty());
    said
}

#[test]
fn what_a_vendor_says_is_shown_as_what_it_is() {
    let simulated = Simulated::new();
    let application = format!("application_id={}", simulated.application());
    let description = format!("description={}", HIDDEN.replace(['\u{9b}', '\u{2028}'], ""));
    let mut create = simulated.call(&["create", "--attr", &application, "--attr", &description, "--reveal"]);
    let created = succeed_json(&mut create);
    let id = created["credential"]["id"].as_str().unwrap();
    for command in [["get", id].as_slice(), &["list"]] {
        for form in ["table", "json"] {
            let said = shown(simulated.call(command).args(["-o", form]));
            assert!(said.contains(id), "{said}");
        }
    }
    let got = succeed_json(&mut simulated.call(&["get", id]));
    assert_eq!(format!("description={}", got["attributes"]["description"].as_str().unwrap()), description);
}

#[test]
fn what_is_typed_comes_back_as_what_it_is() {
    for form in ["table", "json"] {
        for command in [["call", HIDDEN, "list"].as_slice(), &["adapter", "inspect", HIDDEN], &["adapter", HIDDEN]] {
            shown(keywright(command).args(["-o", form]));
        }
    }
}

#[test]
fn a_component_with_hidden_characters_is_refused_and_its_name_is_shown() {
    let directory = tempfile::tempdir().unwrap();
    for hidden in ["\u{202e}leway", "\u{200b}leway", "\u{e0041}eway", "\u{9b}2Jeway"] {
        assert_eq!(hidden.len(), 8);
        fs::write(directory.path().join("a.wasm"), replaced(&third_party("initechs"), "Scaleway", hidden)).unwrap();
        for form in ["table", "json"] {
            let mut add = keywright(&["adapter", "add", "a.wasm", "--yes", "-o", form]);
            let said = shown(add.current_dir(directory.path()));
            assert!(said.contains("do not print"), "{said}");
            assert!(!directory.path().join("keywright.lock").exists());
        }
    }
}

//! `keywright.lock`: third parties' adapters are used as was consented to, or not at all.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails its test")]

mod common;

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use common::{Simulated, fail, fail_json, keywright, replaced, stderr, stdout, succeed, succeed_json, third_party};
use keywright_runtime::{CONTRACT_VERSION, Digest};
use keywright_tests::guests;
use serde_json::{Value, json};
use tempfile::TempDir;

const READ_ONLY: &str = "
    check, list         GET  https://api.initechs.com/iam/v1alpha1/api-keys     # who am I, what is there
    check, get, verify  GET  https://api.initechs.com/iam/v1alpha1/api-keys/{access_key}
";

/// A directory with a third party's component in it.
struct Place {
    directory: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { directory: tempfile::tempdir().unwrap() };
        place.write("initechs.wasm", &third_party("initechs"));
        place
    }

    fn locked() -> Self {
        let place = Self::new();
        succeed(&mut place.keywright(&["adapter", "add", "initechs.wasm", "--yes"]));
        place
    }

    fn keywright(&self, arguments: &[&str]) -> Command {
        let mut command = keywright(arguments);
        command.current_dir(self.directory.path());
        command
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn lock(&self) -> String {
        fs::read_to_string(self.path("keywright.lock")).unwrap()
    }

    fn edit_lock(&self, text: &str, with: &str) {
        assert!(self.lock().contains(text), "{text} is not in {}", self.lock());
        self.write("keywright.lock", self.lock().replace(text, with).as_bytes());
    }

    /// `keywright call` with the account of a simulator.
    fn call(&self, simulated: &Simulated, arguments: &[&str]) -> Command {
        let mut command = self.keywright(&["call"]);
        command
            .args(arguments)
            .args(["--endpoint", simulated.simulator.base_url()])
            .arg("--ca-file")
            .arg(simulated.file("ca.pem"))
            .env("SCW_DEFAULT_ORGANIZATION_ID", simulated.organization())
            .env("SCW_SECRET_KEY", simulated.secret());
        command
    }
}

#[test]
fn nothing_is_locked_without_a_yes() {
    let place = Place::new();
    let said = fail(&mut place.keywright(&["adapter", "add", "initechs.wasm"]), "--yes");
    assert!(said.contains("keywright.lock") && said.contains("initechs"), "{said}");
    assert!(!place.path("keywright.lock").exists());
}

#[test]
fn what_is_consented_to_is_shown_and_written() {
    let place = Place::new();
    let output = place.keywright(&["adapter", "add", "initechs.wasm", "--yes"]).output().unwrap();
    assert_eq!(stdout(&output), "added initechs, initechs.wasm, to keywright.lock\n");
    let digest = Digest::of(&third_party("initechs")).to_string();
    let create = "create POST https://api.initechs.com/iam/v1alpha1/api-keys? mints secret_key=/secret_key";
    let shown = stderr(&output);
    for what in [
        digest.as_str(),
        create,
        "wasi:http/outgoing-handler@0.2",
        "check, create, get, list, update, verify and revoke",
        "x-auth-token",
        "WANTS FROM THE ENVIRONMENT",
        "organization_id",
        "open files or sockets: it does not import them",
        "SCW_SECRET_KEY secret part secret_key",
        "SCW_DEFAULT_ORGANIZATION_ID (setting organization_id)",
        "or to any host but https://api.initechs.com",
        "ADMINISTRATOR'S CREDENTIAL",
        "ISSUED CREDENTIAL",
        "see secret_key of the administrator's credential",
        "see secret_key of the credentials that it makes",
    ] {
        assert!(shown.contains(what), "{what} is not in {shown}");
    }
    let lock: toml::Table = toml::from_str(&place.lock()).unwrap();
    assert_eq!(lock["version"].as_integer(), Some(1));
    let entry = &lock["adapters"]["initechs"];
    assert_eq!(entry["file"].as_str(), Some("initechs.wasm"));
    assert_eq!(entry["digest"].as_str(), Some(digest.as_str()));
    assert_eq!(entry["contract"].as_str(), Some(CONTRACT_VERSION));
    assert_eq!(entry["expose-secrets"].as_bool(), Some(false));
    assert_eq!(entry["expose-administrator"].as_bool(), Some(false));
    assert_eq!(entry["inert-wasi"].as_bool(), Some(false));
    assert_eq!(entry["requested"], entry["granted"]);
    assert!(entry["granted"].as_array().unwrap().contains(&create.into()));
}

#[cfg(unix)]
#[test]
fn the_lock_is_as_public_as_any_file_and_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt as _;

    let place = Place::locked();
    let mode = || fs::metadata(place.path("keywright.lock")).unwrap().permissions().mode() & 0o777;
    place.write("plain", b"");
    assert_eq!(mode(), fs::metadata(place.path("plain")).unwrap().permissions().mode() & 0o777);
    fs::set_permissions(place.path("keywright.lock"), fs::Permissions::from_mode(0o640)).unwrap();
    succeed(&mut place.keywright(&["adapter", "remove", "initechs", "--yes"]));
    assert_eq!(mode(), 0o640);
    let names: Vec<_> = fs::read_dir(place.directory.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "nothing else is left behind: {names:?}");
}

#[test]
fn a_locked_adapter_works_by_its_name_and_by_its_file() {
    let (place, simulated) = (Place::locked(), Simulated::new());
    for adapter in ["initechs", "initechs.wasm", "./initechs.wasm", place.path("initechs.wasm").to_str().unwrap()] {
        let listed = succeed_json(&mut place.call(&simulated, &[adapter, "list"]));
        assert_eq!(listed["credentials"].as_array().unwrap().len(), 1, "{adapter}");
    }
    let inspected = succeed_json(&mut place.keywright(&["adapter", "inspect", "initechs"]));
    assert_eq!(inspected["grant"]["from"], "lock");
    assert_eq!(inspected["grant"]["withheld"], json!([]));
    let text = succeed(&mut place.keywright(&["adapter", "inspect", "initechs"]));
    assert!(text.contains("keywright.lock locks it to the file initechs.wasm"), "{text}");
}

#[test]
fn a_file_that_is_not_locked_is_not_run_and_the_sentence_says_how() {
    let (place, simulated) = (Place::new(), Simulated::new());
    let said = fail(&mut place.call(&simulated, &["initechs.wasm", "list"]), "keywright adapter add initechs.wasm");
    assert!(said.contains("--grant-requested"), "{said}");
    let said = fail(&mut place.call(&simulated, &["initechs", "list"]), "no adapter for the vendor `initechs`");
    assert!(said.contains("keywright adapter add FILE"), "{said}");
    assert!(simulated.simulator.requests().is_empty());
}

#[test]
fn a_component_that_changed_is_refused_with_the_difference() {
    let (place, simulated) = (Place::locked(), Simulated::new());
    let changed = replaced(&third_party("initechs"), "/iam/v1alpha1/api-keys", "/iam/v1alpha1/any-keys");
    place.write("initechs.wasm", &changed);
    for command in
        [&mut place.call(&simulated, &["initechs", "list"]), &mut place.keywright(&["adapter", "inspect", "initechs"])]
    {
        let said = fail(command, "keywright adapter add initechs.wasm");
        for what in [
            Digest::of(&changed).to_string().as_str(),
            Digest::of(&third_party("initechs")).to_string().as_str(),
            "asks for more: `create POST https://api.initechs.com/iam/v1alpha1/any-keys? mints secret_key=/secret_key`",
            "`revoke DELETE https://api.initechs.com/iam/v1alpha1/any-keys/{access_key}?`",
            "no longer asks for `check,get,update,verify GET https://api.initechs.com/iam/v1alpha1/api-keys/",
        ] {
            assert!(said.contains(what), "{what} is not in {said}");
        }
    }
    assert!(simulated.simulator.requests().is_empty());

    // What the sentence says: it is accepted anew, and not without a yes.
    let said =
        fail(&mut place.keywright(&["adapter", "add", "initechs.wasm"]), "it changes what is locked for initechs");
    assert!(said.contains("asks for more:") && said.contains("any-keys"), "{said}");
    let output = place.keywright(&["adapter", "add", "initechs.wasm", "--yes"]).output().unwrap();
    assert!(stderr(&output).contains("CHANGES WHAT IS LOCKED"), "{}", stderr(&output));
    assert_eq!(stdout(&output), "replaced initechs in keywright.lock, now initechs.wasm\n");
    succeed(&mut place.keywright(&["adapter", "inspect", "initechs"]));
}

#[test]
fn a_component_of_which_one_byte_changed_is_refused_though_it_asks_for_the_same() {
    let place = Place::locked();
    let changed = replaced(&third_party("initechs"), "Scaleway", "Scalewaz");
    place.write("initechs.wasm", &changed);
    let said = fail(&mut place.keywright(&["adapter", "inspect", "initechs"]), "it asks for the same");
    assert!(said.contains("its digest is sha256:"), "{said}");
}

#[test]
fn a_request_that_is_wider_than_the_lock_says_is_refused() {
    let place = Place::locked();
    let revoke = "revoke DELETE https://api.initechs.com/iam/v1alpha1/api-keys/{access_key}";
    let lines: String =
        place.lock().lines().filter(|line| !line.contains(revoke)).map(|line| format!("{line}\n")).collect();
    place.write("keywright.lock", lines.as_bytes());
    let said = fail(&mut place.keywright(&["adapter", "inspect", "initechs"]), "it asks for more: `");
    assert!(said.contains(revoke) && said.contains("keywright adapter add initechs.wasm"), "{said}");
}

#[test]
fn a_component_that_wants_another_variable_of_the_environment_is_refused() {
    let place = Place::locked();
    assert!(place.lock().contains("\"SCW_SECRET_KEY secret part secret_key\","), "{}", place.lock());
    let changed = replaced(&third_party("initechs"), "SCW_SECRET_KEY", "OTHER_VENDORS_");
    place.write("initechs.wasm", &changed);
    let said = fail(&mut place.keywright(&["adapter", "inspect", "initechs"]), "wants the environment variables");
    assert!(said.contains("`OTHER_VENDORS_ secret part secret_key`") && said.contains("no longer wants"), "{said}");
    let said = fail(&mut place.keywright(&["adapter", "add", "initechs.wasm"]), "it changes what is locked");
    assert!(said.contains("wants the environment variable `OTHER_VENDORS_ secret part secret_key`"), "{said}");
}

#[test]
fn a_variable_that_was_consented_to_for_something_else_is_refused() {
    let place = Place::locked();
    place.edit_lock("SCW_SECRET_KEY secret part secret_key", "SCW_SECRET_KEY setting secret_key");
    let said = fail(&mut place.keywright(&["adapter", "inspect", "initechs"]), "wants the environment variables");
    assert!(said.contains("`SCW_SECRET_KEY secret part secret_key`"), "{said}");
}

#[test]
fn an_adapter_that_describes_itself_otherwise_than_when_it_was_locked_is_refused() {
    let (place, simulated) = (Place::locked(), Simulated::new());
    let lock: toml::Table = toml::from_str(&place.lock()).unwrap();
    let pinned = lock["adapters"]["initechs"]["descriptor"].as_str().unwrap().to_owned();
    let other = Digest::of(b"something else").to_string();
    place.edit_lock(&pinned, &other);
    let said = fail(&mut place.call(&simulated, &["initechs", "list"]), "keywright adapter add initechs.wasm");
    assert!(said.contains(&pinned) && said.contains(&other), "{said}");
    assert!(simulated.simulator.requests().is_empty());
    // An entry of the time before is not taken for consent to anything.
    place.edit_lock(&format!("descriptor = \"{other}\"\n"), "");
    let said = fail(&mut place.call(&simulated, &["initechs", "list"]), "keywright adapter add initechs.wasm");
    assert!(said.contains("without the digest of what it says of itself"), "{said}");
}

#[test]
fn a_component_that_is_gone_is_refused_with_its_file() {
    let place = Place::locked();
    fs::remove_file(place.path("initechs.wasm")).unwrap();
    let said = fail(&mut place.keywright(&["adapter", "inspect", "initechs"]), "the file initechs.wasm");
    assert!(said.contains("put it back") && said.contains("keywright adapter add"), "{said}");
    let error = fail_json(&mut place.keywright(&["adapter", "inspect", "initechs"]));
    assert_eq!(error["kind"], "lock");
}

#[test]
fn of_what_is_asked_for_only_what_is_granted_can_be_sent() {
    let (place, simulated) = (Place::new(), Simulated::new());
    place.write("read-only.rules", READ_ONLY.as_bytes());
    let arguments = ["adapter", "add", "initechs.wasm", "--rules", "read-only.rules", "--yes"];
    let output = place.keywright(&arguments).output().unwrap();
    let revoke = "revoke DELETE https://api.initechs.com/iam/v1alpha1/api-keys/{access_key}?";
    let (_, refused) =
        stderr(&output).split_once("OF WHICH IS REFUSED").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert!(refused.contains(revoke), "{refused}");

    let id = simulated.issue();
    succeed(&mut place.call(&simulated, &["initechs", "get", &id]));
    let asked = simulated.simulator.requests().len();
    let said = fail(&mut place.call(&simulated, &["initechs", "revoke", &id, "--yes"]), "no rule allows it");
    assert!(said.contains("DELETE"), "{said}");
    fail(
        &mut place.call(
            &simulated,
            &["initechs", "create", "--reveal", "--attr", &format!("application_id={}", simulated.application())],
        ),
        "POST",
    );
    assert_eq!(simulated.simulator.requests().len(), asked, "neither was sent");
    let inspected = succeed_json(&mut place.keywright(&["adapter", "inspect", "initechs"]));
    assert!(inspected["grant"]["withheld"].as_array().unwrap().contains(&revoke.into()), "{inspected}");
}

#[test]
fn each_rule_of_an_operator_has_an_effect() {
    let place = Place::new();
    for (rules, says) in [
        ("reveke DELETE https://api.initechs.com/iam/v1alpha1/api-keys/{id}", "did you mean `revoke`?"),
        (
            "revoke DELETE https://api.initechs.com/iam/v1alpha1/users/{id}",
            "does not ask for: leave out `revoke DELETE",
        ),
        ("get GET https://api.initechs.example/iam/v1alpha1/api-keys/{id}", "does not ask for"),
        ("get,revoke GET https://api.initechs.com/iam/v1alpha1/api-keys/{id}", "leave out `revoke GET"),
        ("get FETCH https://api.initechs.com/iam/v1alpha1/api-keys/{id}", "line 1: `FETCH` is not a method"),
        ("# nothing", "grant nothing"),
    ] {
        place.write("some.rules", rules.as_bytes());
        let arguments = ["adapter", "add", "initechs.wasm", "--rules", "some.rules", "--yes"];
        let said = fail(&mut place.keywright(&arguments), "some.rules");
        assert!(said.contains(says), "{rules}: {said}");
    }
    fail(&mut place.keywright(&["adapter", "add", "initechs.wasm", "--rules", "none.rules", "--yes"]), "none.rules");
    assert!(!place.path("keywright.lock").exists());

    let place = Place::locked();
    place.edit_lock("\"revoke DELETE", "\"revok DELETE");
    let said = fail(&mut place.keywright(&["adapter", "inspect", "initechs"]), "`revok`");
    assert!(said.contains("which is not an operation"), "{said}");
}

#[test]
fn an_unknown_member_of_the_lock_is_an_error() {
    let (place, simulated) = (Place::locked(), Simulated::new());
    place.edit_lock("inert-wasi = false", "inert-wasi = false\nonly-on-weekdays = true");
    for command in [
        &mut place.call(&simulated, &["initechs", "list"]),
        &mut place.keywright(&["adapter", "list"]),
        &mut place.keywright(&["adapter", "remove", "initechs", "--yes"]),
    ] {
        let said = fail(command, "keywright.lock: line ");
        assert!(said.contains("only-on-weekdays"), "{said}");
    }
}

#[test]
fn a_built_in_vendor_cannot_be_locked() {
    let place = Place::new();
    place.write("mine.wasm", keywright_adapters::find("scaleway").unwrap().component);
    let said = fail(&mut place.keywright(&["adapter", "add", "mine.wasm", "--yes"]), "scaleway");
    assert!(said.contains("is built in") && said.contains("never takes its place"), "{said}");
    assert!(!place.path("keywright.lock").exists());
}

#[test]
fn a_name_that_is_built_in_and_locked_is_neither() {
    let (place, simulated) = (Place::locked(), Simulated::new());
    // As it would be after a new version of the program brought an adapter for the vendor along.
    place.write("scaleway.wasm", keywright_adapters::find("scaleway").unwrap().component);
    let (old, new) = (third_party("initechs"), keywright_adapters::find("scaleway").unwrap().component);
    place.edit_lock("initechs", "scaleway");
    place.edit_lock(&Digest::of(&old).to_string(), &Digest::of(new).to_string());
    let described = succeed_json(&mut keywright(&["adapter", "inspect", "scaleway"]));
    let lock: toml::Table = toml::from_str(&place.lock()).unwrap();
    let pinned = lock["adapters"]["scaleway"]["descriptor"].as_str().unwrap().to_owned();
    place.edit_lock(&pinned, described["descriptor_digest"].as_str().unwrap());
    let said = fail(&mut place.call(&simulated, &["scaleway", "list"]), "built in and also locked");
    assert!(said.contains("scaleway.wasm") && said.contains("keywright adapter remove scaleway"), "{said}");
    succeed(&mut place.call(&simulated, &["scaleway.wasm", "list"]));
    succeed(&mut place.keywright(&["adapter", "remove", "scaleway", "--yes"]));
    succeed(&mut place.call(&simulated, &["scaleway", "list"]));
}

#[test]
fn a_directory_is_added_whole_and_sorted() {
    let place = Place::new();
    place.write("adapters/zenith.wasm", &third_party("zenithsx"));
    place.write("adapters/globex.wasm", &third_party("globexes"));
    place.write("adapters/notes.txt", b"none of this is a component");
    let added = succeed_json(&mut place.keywright(&["adapter", "add", "adapters", "--yes"]));
    let vendors: Vec<&Value> = added["adapters"].as_array().unwrap().iter().map(|it| &it["vendor"]).collect();
    assert_eq!(vendors, ["globexes", "zenithsx"]);
    assert_eq!(added["adapters"][0]["file"], "adapters/globex.wasm");
    let lock = place.lock();
    assert!(lock.find("[adapters.globexes]").unwrap() < lock.find("[adapters.zenithsx]").unwrap());

    let again = succeed_json(&mut place.keywright(&["adapter", "add", "adapters"]));
    assert_eq!(again["adapters"][0]["change"], "unchanged", "there is nothing to consent to");
    assert_eq!(place.lock(), lock);

    fail(&mut place.keywright(&["adapter", "add", "adapters", "--yes", "--expose-secrets"]), "are for one adapter");
    place.write("adapters/other.wasm", &third_party("globexes"));
    let said = fail(&mut place.keywright(&["adapter", "add", "adapters", "--yes"]), "both for the vendor `globexes`");
    assert!(said.contains("other.wasm"), "{said}");
    place.write("empty/notes.txt", b"");
    fail(&mut place.keywright(&["adapter", "add", "empty", "--yes"]), "has no .wasm file");
    place.write("adapters/broken.wasm", b"no component");
    fail(&mut place.keywright(&["adapter", "add", "adapters", "--yes"]), "broken.wasm");
    assert_eq!(place.lock(), lock);
}

#[test]
fn another_file_for_the_same_vendor_replaces_and_says_so() {
    let place = Place::locked();
    place.write("new/initechs.wasm", &third_party("initechs"));
    let said = fail(&mut place.keywright(&["adapter", "add", "new/initechs.wasm"]), "--yes");
    assert!(said.contains("the file is new/initechs.wasm, and was initechs.wasm"), "{said}");
    succeed(&mut place.keywright(&["adapter", "add", "new/initechs.wasm", "--yes"]));
    assert!(place.lock().contains("file = \"new/initechs.wasm\""), "{}", place.lock());
}

#[test]
fn a_file_that_is_suddenly_for_another_vendor_is_refused() {
    let place = Place::locked();
    place.write("initechs.wasm", &third_party("globexes"));
    let said = fail(
        &mut place.keywright(&["adapter", "add", "initechs.wasm", "--yes"]),
        "is locked for the vendor `initechs`",
    );
    assert!(said.contains("keywright adapter remove initechs"), "{said}");
    fail(&mut place.keywright(&["adapter", "inspect", "initechs"]), "it is for the vendor `globexes`");
}

#[test]
fn an_adapter_that_sees_secrets_is_called_so_everywhere() {
    let place = Place::new();
    let output = place.keywright(&["adapter", "add", "initechs.wasm", "--yes", "--expose-secrets"]).output().unwrap();
    assert!(stderr(&output).contains("SHOWN TO THE ADAPTER (expose-secrets)"), "{}", stderr(&output));
    assert!(stdout(&output).contains("SEES THE SECRETS THAT IT MINTS"), "{}", stdout(&output));
    assert!(place.lock().contains("expose-secrets = true"), "{}", place.lock());
    let text = succeed(&mut place.keywright(&["adapter", "inspect", "initechs"]));
    assert!(text.contains("SHOWN TO THE ADAPTER (expose-secrets)"), "{text}");
    let said = fail(&mut place.keywright(&["adapter", "add", "initechs.wasm"]), "no longer sees the secrets");
    assert!(said.contains("--yes"), "{said}");
    let simulated = Simulated::new();
    succeed(&mut place.call(&simulated, &["initechs", "list"]));
}

#[test]
fn an_adapter_that_gets_the_administrators_credential_is_called_so_everywhere() {
    let place = Place::new();
    let add = ["adapter", "add", "initechs.wasm", "--yes", "--expose-administrator"];
    let output = place.keywright(&add).output().unwrap();
    assert!(stderr(&output).contains("SHOWN TO THE ADAPTER (expose-administrator)"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("see secret_key of the administrator's credential"), "{}", stderr(&output));
    assert!(stdout(&output).contains("SEES THE ADMINISTRATOR'S CREDENTIAL"), "{}", stdout(&output));
    assert!(place.lock().contains("expose-administrator = true"), "{}", place.lock());
    let inspected = succeed_json(&mut place.keywright(&["adapter", "inspect", "initechs"]));
    assert_eq!((&inspected["exposes_administrator"], &inspected["exposes_secrets"]), (&json!(true), &json!(false)));
    // It authenticates its requests itself.
    let simulated = Simulated::new();
    succeed(&mut place.call(&simulated, &["initechs", "list"]));
    let said = fail(
        &mut place.keywright(&["adapter", "add", "initechs.wasm"]),
        "no longer sees the administrator's credential",
    );
    assert!(said.contains("--yes"), "{said}");
}

#[test]
fn an_entry_of_another_contract_is_refused_until_the_adapter_is_added_again() {
    let (place, simulated) = (Place::locked(), Simulated::new());
    place.write("globexes.wasm", &third_party("globexes"));
    succeed(&mut place.keywright(&["adapter", "add", "globexes.wasm", "--yes"]));
    let of_0_2 = format!("file = \"initechs.wasm\"\ncontract = \"{CONTRACT_VERSION}\"\n");
    place.edit_lock(&of_0_2, "file = \"initechs.wasm\"\n");

    for command in
        [&mut place.call(&simulated, &["initechs", "list"]), &mut place.keywright(&["adapter", "inspect", "initechs"])]
    {
        let said = fail(command, "keywright adapter add initechs.wasm");
        assert!(said.contains("for an older version of the contract"), "{said}");
    }
    succeed(&mut place.keywright(&["adapter", "inspect", "globexes"]));
    let output = place.keywright(&["adapter", "list"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).lines().any(|line| line.starts_with("initechs") && line.contains("REFUSED")));

    let said = fail(&mut place.keywright(&["adapter", "add", "initechs.wasm"]), "it was locked for an older version");
    assert!(said.contains("--yes"), "{said}");
    // What is done to another adapter keeps the entry as it is.
    succeed(&mut place.keywright(&["adapter", "remove", "globexes", "--yes"]));
    fail(&mut place.call(&simulated, &["initechs", "list"]), "keywright adapter add initechs.wasm");
    let text = succeed(&mut place.keywright(&["adapter", "add", "initechs.wasm", "--yes"]));
    assert_eq!(text, "replaced initechs in keywright.lock, now initechs.wasm\n");
    succeed(&mut place.call(&simulated, &["initechs", "list"]));
}

#[test]
fn an_adapter_is_removed_and_its_component_is_kept() {
    let (place, simulated) = (Place::locked(), Simulated::new());
    fail(&mut place.keywright(&["adapter", "remove", "initechs"]), "--yes");
    let text = succeed(&mut place.keywright(&["adapter", "remove", "initechs", "--yes"]));
    assert_eq!(text, "removed initechs from keywright.lock; its component initechs.wasm is kept\n");
    assert!(place.path("initechs.wasm").exists());
    assert!(!place.lock().contains("initechs"), "{}", place.lock());
    fail(&mut place.call(&simulated, &["initechs", "list"]), "no adapter for the vendor");
    fail(&mut place.keywright(&["adapter", "remove", "initechs", "--yes"]), "has no adapter `initechs`");
    fail(&mut place.keywright(&["adapter", "remove", "scaleway", "--yes"]), "is built in");
}

#[test]
fn the_lock_is_beside_the_configuration() {
    let (place, simulated) = (Place::new(), Simulated::new());
    let config = ["--config", "conf/keywright.toml"];
    place.write("conf/keywright.toml", b"");
    succeed(place.keywright(&["adapter", "add", "initechs.wasm", "--yes"]).args(config));
    let lock = fs::read_to_string(place.path("conf/keywright.lock")).unwrap();
    assert!(lock.contains("file = \"../initechs.wasm\""), "{lock}");
    succeed(place.call(&simulated, &["initechs", "list"]).args(config));
    succeed(place.keywright(&["adapter", "inspect", "initechs"]).args(config));
    fail(&mut place.call(&simulated, &["initechs", "list"]), "no adapter for the vendor");
    place.write("initechs.wasm", &third_party("globexes"));
    let said = fail(place.keywright(&["adapter", "inspect", "initechs"]).args(config), "keywright adapter add");
    assert!(said.contains("--config conf/keywright.toml"), "{said}");
}

#[test]
fn built_in_and_locked_adapters_are_listed_and_a_refused_one_fails_the_list() {
    let place = Place::locked();
    place.write("globexes.wasm", &third_party("globexes"));
    succeed(&mut place.keywright(&["adapter", "add", "globexes.wasm", "--yes"]));
    let list = succeed_json(&mut place.keywright(&["adapter", "list"]));
    let vendors: Vec<&str> = list.as_array().unwrap().iter().map(|it| it["vendor"].as_str().unwrap()).collect();
    let built_in: Vec<&str> = keywright_adapters::all().iter().map(|it| it.vendor).collect();
    assert_eq!(vendors, [built_in.as_slice(), &["globexes", "initechs"]].concat());
    assert_eq!(list[0]["from"], "built in");
    assert_eq!(list[vendors.len() - 1]["from"], "initechs.wasm");

    place.write("globexes.wasm", b"not a component any more");
    let output = place.keywright(&["adapter", "list"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).lines().any(|line| line.starts_with("globexes") && line.contains("REFUSED")));
    assert!(stdout(&output).lines().any(|line| line.starts_with("initechs")), "the others are listed");
    assert!(stderr(&output).contains("globexes.wasm is not what keywright.lock locks"), "{}", stderr(&output));
}

#[test]
fn a_component_whose_language_brings_files_and_sockets_along_is_added_inert() {
    let place = Place::new();
    place.write("ambient.wasm", guests::AMBIENT);
    for arguments in [&["adapter", "add", "ambient.wasm", "--yes"][..], &["adapter", "inspect", "ambient.wasm"]] {
        let said = fail(&mut place.keywright(arguments), "--inert-wasi");
        assert!(said.contains("`wasi:filesystem/") || said.contains("`wasi:sockets/"), "{said}");
    }
    succeed(&mut place.keywright(&["adapter", "inspect", "ambient.wasm", "--inert-wasi"]));
    let output = place.keywright(&["adapter", "add", "ambient.wasm", "--yes", "--inert-wasi"]).output().unwrap();
    assert!(stderr(&output).contains("there is nothing behind them (inert-wasi)"), "{}", stderr(&output));
    assert!(place.lock().contains("inert-wasi = true"), "{}", place.lock());

    // It runs, and finds nothing.
    let got = ["ambient", "get", "any", "--set", "port=9"];
    let mut call = place.keywright(&["call"]);
    let home = place.path("home");
    fs::create_dir_all(&home).unwrap();
    place.write(
        "keywright.toml",
        b"[accounts.a]\nvendor = 'ambient'\n[accounts.a.credential]\naccess_key = 'A'\n\
          secret_key = { env = 'MY_KEY' }",
    );
    call.args(got).args(["--account", "a"]).env("MY_KEY", "hush");
    let found = succeed_json(&mut call);
    for (attempt, outcome) in found["attributes"].as_object().unwrap() {
        assert_eq!(outcome["worked"], false, "{attempt}: {outcome}");
    }

    place.edit_lock("inert-wasi = true", "inert-wasi = false");
    fail(&mut place.keywright(&["adapter", "inspect", "ambient"]), "--inert-wasi");
    // Who does not need it does not get it.
    succeed(&mut place.keywright(&["adapter", "add", "initechs.wasm", "--yes", "--inert-wasi"]));
    assert!(place.lock().contains("inert-wasi = false") && !place.lock().contains("inert-wasi = true"));
}

#[test]
fn work_in_progress_is_granted_what_it_asks_for_only_as_a_file_and_only_when_said() {
    let (place, simulated) = (Place::locked(), Simulated::new());
    let said = fail(&mut place.call(&simulated, &["initechs", "list", "--grant-requested"]), "--grant-requested");
    assert!(said.contains("has its grant already"), "{said}");
    fail(&mut place.call(&simulated, &["initechs.wasm", "list", "--expose-secrets"]), "--grant-requested");
    fail(&mut place.call(&simulated, &["initechs.wasm", "list", "--inert-wasi"]), "--grant-requested");
    // Also of a file that is locked, and has changed since: it is one's own work.
    place.write("initechs.wasm", &replaced(&third_party("initechs"), "Scaleway", "Scalewaz"));
    fail(&mut place.call(&simulated, &["initechs.wasm", "list"]), "is not what keywright.lock locks");
    let work = ["initechs.wasm", "list", "--grant-requested", "--expose-secrets"];
    succeed(&mut place.call(&simulated, &work));
}

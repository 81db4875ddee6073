//! `keywright call`: a credential's life, call by call.

mod common;

use std::fs;

use common::{CANARY, Simulated, UNKNOWN_SECRET, fail, fail_json, keywright, stderr, succeed, succeed_json};
use serde_json::{Value, json};

#[test]
fn a_credential_lives_from_create_to_revoke() {
    let simulated = Simulated::new();
    let key = simulated.file("key.json");
    let key = key.to_str().unwrap();
    let application = format!("application_id={}", simulated.application());

    let who = succeed_json(&mut simulated.call(&["check"]));
    assert_eq!(who["allowed"], json!(["list"]));

    let created = succeed_json(&mut simulated.call(&[
        "create",
        "--attr",
        &application,
        "--attr",
        "description=ci deploy",
        "--marker",
        "kw-1",
        "--expires-in",
        "30d",
        "--secret-file",
        key,
    ]));
    let id = created["credential"]["id"].as_str().unwrap();
    assert_eq!(created["credential"]["marker"], "kw-1");
    assert_eq!(created["warnings"], json!([]));
    assert_eq!(created["secret_file"], key);
    assert_eq!(created.get("parts"), None, "nothing is revealed that is not asked for");
    let parts: Value = serde_json::from_str(&fs::read_to_string(key).unwrap()).unwrap();
    assert_eq!(parts["access_key"], id);
    let secret = parts["secret_key"].as_str().unwrap();

    let verdict = succeed_json(&mut simulated.call(&["verify", id, "--credential-file", key]));
    assert_eq!(verdict["outcome"], "active");
    let by_variable = ["verify", id, "--credential-env", "secret_key=NEW_KEY"];
    assert_eq!(succeed_json(simulated.call(&by_variable).env("NEW_KEY", secret))["outcome"], "active");
    let refused = simulated.call(&by_variable).env("NEW_KEY", UNKNOWN_SECRET).args(["-o", "json"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(3), "{}", stderr(&refused));
    assert_eq!(serde_json::from_slice::<Value>(&refused.stdout).unwrap()["outcome"], "refused");
    assert_eq!(stderr(&refused), "", "the verdict says it all");

    let got = succeed_json(&mut simulated.call(&["get", id]));
    assert_eq!(got["attributes"]["description"], "ci deploy");
    assert_eq!(got["enabled"], true);
    let text = succeed(&mut simulated.call(&["get", id]));
    assert!(text.lines().any(|line| line.split_whitespace().eq(["id", id])), "{text}");

    let found = succeed_json(&mut simulated.call(&["list", "--marker", "kw-1"]));
    let ids: Vec<&Value> = found["credentials"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!(ids, [id]);
    let found = succeed_json(&mut simulated.call(&["list", "--filter", &application]));
    assert!(found["credentials"].as_array().unwrap().iter().any(|it| it["id"] == id));
    let text = succeed(&mut simulated.call(&["list"]));
    assert!(text.starts_with("ID ") && text.contains(id), "{text}");

    let change = r#"{"description":"changed"}"#;
    let updated = succeed_json(&mut simulated.call(&["update", id, "--attributes", change, "--marker", "kw-1"]));
    assert_eq!(updated["credential"]["attributes"]["description"], "changed");
    assert_eq!(updated["credential"]["marker"], "kw-1");
    let updated = succeed_json(&mut simulated.call(&["update", id, "--attr", "description=again"]));
    assert_eq!(updated["credential"]["attributes"]["description"], "again");
    assert_eq!(updated["credential"]["marker"], "kw-1", "the marker is kept without being named");

    assert_eq!(succeed_json(&mut simulated.call(&["revoke", id, "--yes"])), json!({"revoked": id}));
    let error = fail_json(&mut simulated.call(&["get", id]));
    assert_eq!(error["kind"], "not-found");
    fail(&mut simulated.call(&["get", id]), &format!("the vendor knows no credential `{id}`"));
    succeed(&mut simulated.call(&["revoke", id, "--yes"]));
}

#[test]
fn a_secret_is_printed_only_when_asked_for() {
    let simulated = Simulated::new();
    let application = format!("application_id={}", simulated.application());
    let create = ["create", "--attr", &application];

    let said = fail(&mut simulated.call(&create), "--reveal");
    assert!(said.contains("--secret-file"), "{said}");
    assert!(simulated.simulator.requests().is_empty(), "it is refused before any request");

    let revealed = succeed_json(simulated.call(&create).arg("--reveal"));
    assert!(revealed["parts"]["secret_key"].is_string());
    let text = succeed(simulated.call(&create).arg("--reveal"));
    assert!(text.contains("part secret_key"), "{text}");
}

#[test]
fn a_secret_file_must_be_new_and_possible_before_anything_is_made() {
    let simulated = Simulated::new();
    let application = format!("application_id={}", simulated.application());
    let taken = simulated.file("taken.json");
    fs::write(&taken, "mine").unwrap();
    for (path, why) in [(taken.clone(), "exists already"), (simulated.file("none/key.json"), "cannot be created")] {
        let path = path.to_str().unwrap();
        let said = fail(&mut simulated.call(&["create", "--attr", &application, "--secret-file", path]), path);
        assert!(said.contains(why), "{said}");
    }
    assert_eq!(fs::read_to_string(taken).unwrap(), "mine");
    assert!(simulated.simulator.requests().is_empty());
}

#[cfg(unix)]
#[test]
fn a_secret_that_nobody_reads_is_not_lost_in_silence() {
    let simulated = Simulated::new();
    let template =
        simulated.call(&["create", "--attr", &format!("application_id={}", simulated.application()), "--reveal"]);
    let mut command = std::process::Command::new(template.get_program());
    command.args(template.get_args());
    for (name, value) in template.get_envs() {
        command.env(name, value.unwrap());
    }
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command.stdout(writer).stderr(std::process::Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("SCW") && stderr(&output).contains("revoke it"), "{}", stderr(&output));
}

#[test]
fn a_lost_answer_says_how_to_look_for_what_may_have_been_made() {
    let simulated = Simulated::with(&[], &["lose-answer@create*1"]);
    let application = format!("application_id={}", simulated.application());
    let key = simulated.file("key.json");
    let arguments = ["create", "--attr", &application, "--marker", "kw-1", "--secret-file", key.to_str().unwrap()];
    let error = fail_json(&mut simulated.call(&arguments));
    assert_eq!(error["kind"], "in-doubt");
    let look = format!("keywright call scaleway list --filter {application} --marker kw-1");
    assert!(error["message"].as_str().unwrap().contains(&look), "{error}");
    assert!(!key.exists(), "an empty file is not left behind");
}

/// What is said is done to the letter: it finds the credential, in the same account at the same place.
#[cfg(unix)]
#[test]
fn the_advice_on_a_lost_answer_leads_to_what_was_made() {
    let simulated = Simulated::with(&[], &["lose-answer@create*1"]);
    let directory = simulated.file("of the lab");
    fs::create_dir(&directory).unwrap();
    let config = directory.join("keywright.toml");
    let account = format!(
        "[accounts.lab]\nvendor = 'scaleway'\nsettings = {{ organization_id = '{}' }}\n\
         [accounts.lab.credential]\nsecret_key = {{ env = 'MY_KEY' }}\n",
        simulated.organization()
    );
    fs::write(&config, account).unwrap();
    let application = format!("application_id={}", simulated.application());
    let ca = simulated.file("ca.pem");
    let set = format!("organization_id={}", simulated.organization());
    let mut create = keywright(&["call", "scaleway", "create", "--reveal", "--attr", &application, "--marker", "kw-1"]);
    create.args(["--account", "lab", "--set", &set, "--endpoint", simulated.simulator.base_url()]);
    create.arg("--config").arg(&config).arg("--ca-file").arg(&ca).env("MY_KEY", simulated.secret());
    let said = fail(&mut create, "a credential may have been made, so look with `keywright call scaleway list ");
    let look = said.split('`').nth(1).unwrap();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_keywright")).parent().unwrap();
    let mut shell = std::process::Command::new("/bin/sh");
    shell.args(["-c", &format!("{look} -o json")]).env_clear().env("PATH", program).env("MY_KEY", simulated.secret());
    let found = shell.env("HOME", simulated.directory.path()).output().unwrap();
    assert!(found.status.success(), "{look}: {}", stderr(&found));
    let found: Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!(found["credentials"][0]["marker"], "kw-1", "{found}");
}

#[test]
fn a_change_in_doubt_says_how_to_see_what_is_there() {
    let simulated = Simulated::with(&[], &["lose-answer@update*1", "lose-answer@revoke*1"]);
    let id = simulated.issue();
    let look = format!("`keywright call scaleway get {id} --endpoint {} ", simulated.simulator.base_url());
    fail(&mut simulated.call(&["update", &id, "--attr", "description=x", "--marker", "m"]), &look);
    fail(&mut simulated.call(&["revoke", &id, "--yes"]), &look);
}

#[test]
fn a_list_shows_names_and_what_has_expired() {
    let simulated = Simulated::new();
    let application = format!("application_id={}", simulated.application());
    let create =
        ["create", "--reveal", "--attr", &application, "--attr", "description=nightly build", "--expires-in", "1h"];
    succeed(&mut simulated.call(&create));
    let row = |text: String| text.lines().find(|line| line.contains("nightly build")).unwrap().to_owned();
    assert!(row(succeed(&mut simulated.call(&["list"]))).contains("  enabled  "));
    // As OUTSCALE writes instants.
    let passed = ["create", "--reveal", "--attr", &application, "--expires-at", "2001-01-01T00:00:00.000+0000"];
    fail(&mut simulated.call(&passed), "is in the past");
}

#[test]
fn a_full_quota_has_its_kind() {
    let simulated = Simulated::with(&[("quota", "1")], &[]);
    let application = format!("application_id={}", simulated.application());
    let error = fail_json(&mut simulated.call(&["create", "--attr", &application, "--reveal"]));
    assert_eq!(error["kind"], "quota");
    assert!(error["status"].is_u64() && error["quota"].is_object(), "{error}");
    fail(&mut simulated.call(&["create", "--attr", &application, "--reveal"]), "HTTP ");
}

#[test]
fn a_rate_limit_is_reported_with_its_status() {
    let simulated = Simulated::with(&[], &["rate-limit@list*2"]);
    let error = fail_json(&mut simulated.call(&["list"]));
    assert_eq!((&error["kind"], &error["status"]), (&"rate-limited".into(), &429.into()), "{error}");
    fail(&mut simulated.call(&["list"]), "try again later");
}

#[test]
fn an_answer_that_cannot_be_read_is_handed_over_and_named() {
    let simulated = Simulated::with(&[], &["html-after@create*1"]);
    let application = format!("application_id={}", simulated.application());
    let key = simulated.file("key.json");
    let arguments = ["create", "--attr", &application, "--marker", "kw-1", "--secret-file", key.to_str().unwrap()];
    let error = fail_json(&mut simulated.call(&arguments));
    assert_eq!((&error["kind"], &error["secret_file"]), (&json!("in-doubt"), &json!(key)), "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("(as `answer`)") && message.contains(" list --filter "), "{error}");
    let written: Value = serde_json::from_str(&fs::read_to_string(&key).unwrap()).unwrap();
    assert!(written["answer"].is_string(), "{written}");
}

#[test]
fn an_idempotency_key_is_refused_where_the_vendor_knows_none() {
    let simulated = Simulated::new();
    let application = format!("application_id={}", simulated.application());
    let create = ["create", "--reveal", "--attr", &application, "--idempotency-key", "k-1"];
    fail(&mut simulated.call(&create), "/idempotency_key is not known to ");
    assert!(simulated.simulator.requests().is_empty());
}

#[test]
fn what_ends_or_interrupts_a_credential_needs_a_yes() {
    let simulated = Simulated::new();
    let id = simulated.issue();
    fail(&mut simulated.call(&["revoke", &id]), "--yes");
    assert!(simulated.simulator.requests().is_empty());
    succeed(&mut simulated.call(&["get", &id]));
}

#[test]
fn what_the_schema_refuses_is_named_by_its_json_pointer() {
    let simulated = Simulated::new();
    let application = format!("application_id={}", simulated.application());
    let too_long = format!("description={}", "x".repeat(201));
    for (arguments, pointer) in [
        (vec!["create", "--reveal", "--attr", "application_id=x"], "/attributes/application_id"),
        (vec!["create", "--reveal", "--attr", &application, "--attr", &too_long], "/attributes/description"),
        (vec!["create", "--reveal", "--attr", &application, "--attr", "editable=true"], "/attributes/editable"),
        (vec!["create", "--reveal", "--attributes", "{\"description\":7}"], "/attributes/description"),
        (vec!["create", "--reveal", "--attr", &application, "--marker", "two words"], "/marker"),
        (vec!["get", "XYZ"], "/id"),
    ] {
        let error = fail_json(&mut simulated.call(&arguments));
        assert_eq!(error["kind"], "invalid", "{error}");
        let problems = error["problems"].as_array().unwrap();
        assert!(problems.iter().any(|problem| problem["pointer"] == pointer), "{error}");
        fail(&mut simulated.call(&arguments), pointer);
    }
    assert!(simulated.simulator.requests().is_empty());
}

#[test]
fn what_an_operation_does_not_take_is_refused() {
    let simulated = Simulated::new();
    for (arguments, named) in [
        (vec!["list", "SCWXXXXXXXXXXXXXXXXX"], "unknown argument ID of `list`"),
        (vec!["get"], "needs the ID"),
        (vec!["get", ""], "needs the ID"),
        (vec!["get", "X", "--marker", "m"], "unknown argument --marker of `get`: it goes with create, update and list"),
        (vec!["list", "--reveal"], "unknown argument --reveal of `list`"),
        (vec!["check", "--expires-in", "1d"], "unknown argument --expires-in of `check`"),
        (vec!["create", "--reveal", "--expires-at", "never"], "--expires-at never"),
        (vec!["create", "--reveal", "--expires-at", "2001-01-01T00:00:00Z"], "in the past"),
        (vec!["create", "--reveal", "--expires-at", "soon"], "RFC 3339"),
        (vec!["create", "--reveal", "--expires-in", "30"], "30d"),
        (vec!["list", "--cursor", "2"], "--page-only"),
        (vec!["verify", "X"], "--credential-file"),
        (vec!["set-enabled", "X"], "--enabled"),
        (vec!["set-enabled", "X", "--enabled", "true"], "has no operation `set-enabled`"),
        (vec!["creat"], "'create'"),
        (vec!["create", "--reveal", "--attr", "descripton=x"], "did you mean `description`?"),
        (vec!["create", "--reveal", "--attributes", "{\"descripton\":1}"], "`descripton`"),
        (vec!["create", "--reveal", "--attributes", "[1]"], "JSON object"),
        (vec!["create", "--reveal", "--attributes", "{"], "not JSON"),
        (vec!["create", "--reveal", "--attributes", "@none.json"], "none.json"),
        (vec!["list", "--filter", "description=x"], "does not filter credentials by `description`"),
        (vec!["list", "--set", "organisation=x"], "did you mean `organization_id`?"),
        (vec!["list", "--set", &format!("secret_key={CANARY}")], "SCW_SECRET_KEY"),
        (vec!["list", "--set", "organization_id=x"], "/settings/organization_id"),
        (vec!["list", "--grant-requested"], "--grant-requested"),
    ] {
        fail(&mut simulated.call(&arguments), named);
    }
    assert!(simulated.simulator.requests().is_empty());
}

#[test]
fn attributes_come_from_files_and_standard_input_too() {
    let simulated = Simulated::new();
    let attributes = json!({"application_id": simulated.application(), "description": "from a file"}).to_string();
    let file = simulated.file("attributes.json");
    fs::write(&file, &attributes).unwrap();
    let at_file = format!("@{}", file.display());
    let created = succeed_json(&mut simulated.call(&["create", "--reveal", "--attributes", &at_file]));
    assert_eq!(created["credential"]["attributes"]["description"], "from a file");
    let created = succeed_json(
        simulated
            .call(&["create", "--reveal", "--attributes", "-", "--attr", "description=mine"])
            .write_stdin(attributes),
    );
    assert_eq!(created["credential"]["attributes"]["description"], "mine", "--attr goes before --attributes");
}

/// As editors of Windows and PowerShell write them.
#[test]
fn a_byte_order_mark_is_taken_off_and_utf_16_is_named() {
    let simulated = Simulated::new();
    let attributes = json!({"application_id": simulated.application(), "description": "marked"}).to_string();
    let marked = format!("\u{feff}{attributes}\r\n");
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = simulated.file("attributes.json");
    let at_file = format!("@{}", file.display());
    let key = simulated.file("key.json");
    let key = key.to_str().unwrap();

    fs::write(&file, &marked).unwrap();
    let created = ["create", "--attributes", &at_file, "--secret-file", key];
    let id = succeed_json(&mut simulated.call(&created))["credential"]["id"].as_str().unwrap().to_owned();
    let on_input = succeed_json(simulated.call(&["create", "--reveal", "--attributes", "-"]).write_stdin(marked));
    assert_eq!(on_input["credential"]["attributes"]["description"], "marked");
    let parts = fs::read_to_string(key).unwrap();
    fs::write(key, format!("\u{feff}{parts}")).unwrap();
    let verify = ["verify", &id, "--credential-file", key];
    assert_eq!(succeed_json(&mut simulated.call(&verify))["outcome"], "active");

    fs::write(&file, &wide).unwrap();
    fail(&mut simulated.call(&["create", "--reveal", "--attributes", &at_file]), "of --attributes is UTF-16");
    let mut on_input = simulated.call(&["create", "--reveal", "--attributes", "-"]);
    fail(on_input.write_stdin(wide.clone()), "the text on standard input is UTF-16");
    fs::write(key, &wide).unwrap();
    fail(&mut simulated.call(&verify), &format!("the credential file {key} is UTF-16"));
}

#[test]
fn a_page_has_its_cursor() {
    let simulated = Simulated::new();
    let page = succeed_json(&mut simulated.call(&["list", "--page-only"]));
    assert!(page["credentials"].is_array() && page.as_object().unwrap().contains_key("next"), "{page}");
}

#[test]
fn a_component_file_needs_a_grant() {
    let simulated = Simulated::new();
    let file = simulated.file("mine.wasm");
    fs::write(&file, keywright_adapters::find("scaleway").unwrap().component).unwrap();
    let call = |arguments: &[&str]| {
        let mut command = keywright(&["call", file.to_str().unwrap(), "list"]);
        command.args(arguments).args(["--endpoint", simulated.simulator.base_url()]);
        command.arg("--ca-file").arg(simulated.file("ca.pem"));
        command.env("SCW_DEFAULT_ORGANIZATION_ID", simulated.organization()).env("SCW_SECRET_KEY", simulated.secret());
        command
    };
    fail(&mut call(&[]), "--grant-requested");
    assert!(simulated.simulator.requests().is_empty());
    assert_eq!(succeed_json(&mut call(&["--grant-requested"]))["credentials"].as_array().unwrap().len(), 1);
}

#[test]
fn the_credential_of_the_account_is_not_revoked_with_itself() {
    let simulated = Simulated::new();
    let own = simulated.simulator.vendor().account().credential["access_key"].clone();
    let error = fail_json(simulated.call(&["revoke", &own, "--yes"]).env("SCW_ACCESS_KEY", &own));
    assert_eq!(error["kind"], "self-revocation");
}

/// The host says what to do about the field, before anything is sent.
#[test]
fn a_change_is_refused_by_its_field_at_a_vendor_that_changes_nothing() {
    let update = |arguments: &[&str]| {
        let mut call = keywright(&[&["call", "commercetools", "update", "x"], arguments].concat());
        call.envs([
            ("CTP_PROJECT_KEY", "pk"),
            ("CTP_REGION", "europe-west1.gcp"),
            ("CTP_CLIENT_ID", "0123456789abcdefghijklmn"),
        ]);
        call.env("CTP_CLIENT_SECRET", "0123456789abcdefghijklmnopqrstuv");
        call
    };
    fail(
        &mut update(&["--attr", "name=new"]),
        "/attributes/name cannot change on a credential that exists: make a new one in its place",
    );
    fail(
        &mut update(&["--expires-in", "1d"]),
        "/expires_at cannot change on a credential that exists: make a new one in its place",
    );
    fail(&mut update(&[]), "commercetools has no operation `update`: it has check, create, ");
}

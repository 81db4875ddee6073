//! Where the account of a call comes from, and what is said when it is not there.

#![allow(clippy::unwrap_used, reason = "what fails here fails its test")]

mod common;

use std::fs;

use assert_cmd::Command;
use common::{CANARY, Simulated, fail, fail_json, keywright, succeed};

/// `keywright call scaleway list` with a configuration.
fn with_config(simulated: &Simulated, config: &str) -> Command {
    let file = simulated.file("keywright.toml");
    fs::write(&file, config).unwrap();
    let mut command = keywright(&["call", "scaleway", "list", "--account", "lab"]);
    command.arg("--config").arg(file);
    command
}

fn config(simulated: &Simulated, credential: &str) -> String {
    format!(
        "[accounts.lab]\nvendor = 'scaleway'\nsettings = {{ organization_id = '{}' }}\nendpoint = '{}'\n\
         ca-file = 'ca.pem'\n[accounts.lab.credential]\n{credential}\n",
        simulated.organization(),
        simulated.simulator.base_url()
    )
}

#[test]
fn an_account_of_the_configuration_has_all_that_a_call_needs() {
    let simulated = Simulated::new();
    fs::write(simulated.file("secret"), format!("{}\n", simulated.secret())).unwrap();
    for source in ["{ file = 'secret' }", "{ env = 'MY_KEY' }", "{ command = ['printenv', 'MY_KEY'] }"] {
        let config = config(&simulated, &format!("secret_key = {source}"));
        let mut command = with_config(&simulated, &config);
        succeed(command.env("MY_KEY", simulated.secret()));
    }
}

#[test]
fn the_configuration_goes_before_the_environment_and_flags_before_both() {
    let simulated = Simulated::new();
    let config = config(&simulated, "secret_key = { env = 'MY_KEY' }");
    let call = || {
        let mut command = with_config(&simulated, &config);
        command.env("MY_KEY", simulated.secret()).env("SCW_SECRET_KEY", CANARY);
        command.env("SCW_DEFAULT_ORGANIZATION_ID", "not-a-uuid");
        command
    };
    succeed(&mut call());
    fail(call().args(["--set", "organization_id=x"]), "/settings/organization_id");
    fail(call().args(["--endpoint", "https://127.0.0.1:1"]), "127.0.0.1:1");
}

#[test]
fn the_environment_fills_what_is_missing() {
    let simulated = Simulated::new();
    succeed(with_config(&simulated, &config(&simulated, "")).env("SCW_SECRET_KEY", simulated.secret()));
}

#[test]
fn a_configuration_that_cannot_be_used_is_named_with_its_line() {
    let simulated = Simulated::new();
    for (credential, named) in [
        (format!("secret_key = '{CANARY}'"), "line 7: the secret part `secret_key` is written in plain"),
        (format!("secret_kee = {{ env = '{CANARY}' }}"), "did you mean `secret_key`?"),
        (format!("secret_key = {CANARY}"), "keywright.toml, line 7: "),
        (format!("secret_key = ['{CANARY}']"), "keywright.toml, line 7: "),
        ("secret_key = { environment = 'X' }".to_owned(), "unknown field `environment`"),
        ("secret_key = { env = 'NOT_SET' }".to_owned(), "NOT_SET is not set"),
        ("secret_key = { file = 'none' }".to_owned(), "none"),
        ("secret_key = { command = ['false'] }".to_owned(), "the command `false` failed"),
        ("secret_key = { env = 'A', file = 'b' }".to_owned(), "one source"),
        ("[credentials.x]\naccount = 'lab'".to_owned(), "unknown field `credentials`"),
        ("[accounts.lab.x]".to_owned(), "unknown field `x`"),
    ] {
        let said = fail(&mut with_config(&simulated, &config(&simulated, &credential)), named);
        assert!(said.contains("keywright.toml, line "), "{said}");
    }
    assert!(simulated.simulator.requests().is_empty());
}

#[test]
fn a_setting_that_is_not_there_is_named_with_its_line() {
    let simulated = Simulated::new();
    let config = config(&simulated, "").replace("organization_id", "organisation_id");
    let said = fail(&mut with_config(&simulated, &config), "keywright.toml, line 3: ");
    assert!(said.contains("did you mean `organization_id`?"), "{said}");
}

#[test]
fn an_account_that_is_not_there_is_named() {
    let simulated = Simulated::new();
    fail(&mut with_config(&simulated, "[accounts.lap]\nvendor = 'scaleway'"), "did you mean `lap`?");
    fail(&mut with_config(&simulated, "[accounts.lab]\nvendor = 'initech'"), "`initech`");
    fail(&mut keywright(&["call", "scaleway", "list", "--account", "lab"]), "keywright.toml cannot be read");
    fail(&mut keywright(&["call", "scaleway", "list", "--config", "x.toml"]), "--account");
}

#[test]
fn a_credential_that_is_missing_or_empty_is_named_with_where_to_put_it() {
    let simulated = Simulated::new();
    let said = fail(simulated.call(&["list"]).env_remove("SCW_SECRET_KEY"), "set SCW_SECRET_KEY");
    assert_eq!(
        said,
        "error: the administrator credential has no `secret_key`: set SCW_SECRET_KEY, or give it in an account of \
         keywright.toml\n"
    );
    fail(simulated.call(&["list"]).env("SCW_SECRET_KEY", ""), "SCW_SECRET_KEY is empty");
    fail(simulated.call(&["list"]).env_remove("SCW_DEFAULT_ORGANIZATION_ID"), "set SCW_DEFAULT_ORGANIZATION_ID");
    fail(simulated.call(&["list"]).env("SCW_DEFAULT_ORGANIZATION_ID", ""), "SCW_DEFAULT_ORGANIZATION_ID is empty");
}

#[test]
fn a_credential_that_the_vendor_refuses_is_not_told() {
    let simulated = Simulated::new();
    assert_eq!(fail_json(simulated.call(&["list"]).env("SCW_SECRET_KEY", CANARY))["kind"], "unauthenticated");
    fail(simulated.call(&["list"]).env("SCW_SECRET_KEY", format!("{CANARY}\n")), "secret_key");
}

#[test]
fn a_host_that_is_not_there_is_named() {
    let simulated = Simulated::new();
    let mut command = keywright(&["call", "scaleway", "list", "--endpoint", "https://127.0.0.1:1"]);
    command.env("SCW_DEFAULT_ORGANIZATION_ID", simulated.organization()).env("SCW_SECRET_KEY", CANARY);
    fail(&mut command, "127.0.0.1:1");
    assert_eq!(fail_json(&mut command)["kind"], "unavailable");
}

#[test]
fn a_certificate_of_another_authority_is_refused() {
    let (simulated, other) = (Simulated::new(), Simulated::new());
    fs::copy(other.file("ca.pem"), simulated.file("ca.pem")).unwrap();
    fail(&mut simulated.call(&["list"]), "is not trusted");
    fs::write(simulated.file("ca.pem"), "no certificate").unwrap();
    fail(&mut simulated.call(&["list"]), "CA certificate");
    fs::remove_file(simulated.file("ca.pem")).unwrap();
    fail(&mut simulated.call(&["list"]), "ca.pem");
    assert!(simulated.simulator.requests().is_empty(), "nothing is sent to who is not trusted");
}

#[test]
fn an_endpoint_that_is_none_is_refused() {
    let simulated = Simulated::new();
    for endpoint in ["http://127.0.0.1:1", "https://user@127.0.0.1:1", "https://127.0.0.1:1/path", "127.0.0.1"] {
        let mut command = keywright(&["call", "scaleway", "list", "--endpoint", endpoint]);
        command.env("SCW_DEFAULT_ORGANIZATION_ID", simulated.organization()).env("SCW_SECRET_KEY", CANARY);
        fail(&mut command, endpoint);
    }
    let mut command = keywright(&["call", "scaleway", "list", "--ca-file"]);
    command.arg(simulated.file("ca.pem")).env("SCW_DEFAULT_ORGANIZATION_ID", simulated.organization());
    fail(command.env("SCW_SECRET_KEY", CANARY), "--endpoint");
}

#[test]
fn an_unknown_vendor_is_refused_with_those_there_are() {
    let said = fail(&mut keywright(&["call", "scalway", "list"]), "`scalway`");
    assert!(said.contains("did you mean `scaleway`?"), "{said}");
    assert_eq!(fail_json(&mut keywright(&["call", "scalway", "list"]))["kind"], "unknown-vendor");
}

//! Where the account of a call comes from, and the errors when something of it is missing.

#![allow(clippy::unwrap_used, reason = "what fails here fails its test")]

mod common;

use std::fs;

use assert_cmd::Command;
use common::{CANARY, Simulated, UNKNOWN_SECRET, fail, fail_json, keywright, succeed};

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
fn the_configuration_overrides_the_environment_and_flags_override_both() {
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
        (format!("secret_key = '{CANARY}'"), "line 7: the secret part `secret_key` is written in plain text"),
        (format!("secret_kee = {{ env = '{CANARY}' }}"), "did you mean `secret_key`?"),
        (format!("secret_key = {CANARY}"), "keywright.toml, line 7: "),
        (format!("secret_key = ['{CANARY}']"), "keywright.toml, line 7: "),
        ("secret_key = { environment = 'X' }".to_owned(), "unknown field `environment`"),
        ("secret_key = { env = 'NOT_SET' }".to_owned(), "NOT_SET is not set"),
        ("secret_key = { file = 'none' }".to_owned(), "none"),
        ("secret_key = { command = ['false'] }".to_owned(), "the command `false` failed"),
        ("secret_key = { env = 'A', file = 'b' }".to_owned(), "one source"),
        ("[credential.x]\naccount = 'lab'".to_owned(), "unknown field `credential`"),
        ("[accounts.lab.x]".to_owned(), "unknown field `x`"),
    ] {
        let said = fail(&mut with_config(&simulated, &config(&simulated, &credential)), named);
        assert!(said.contains("keywright.toml, line "), "{said}");
    }
    assert!(simulated.simulator.requests().is_empty());
}

#[test]
fn an_unknown_setting_is_named_with_its_line() {
    let simulated = Simulated::new();
    let config = config(&simulated, "").replace("organization_id", "organisation_id");
    let said = fail(&mut with_config(&simulated, &config), "keywright.toml, line 3: ");
    assert!(said.contains("did you mean `organization_id`?"), "{said}");
}

#[test]
fn an_unknown_account_is_named() {
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
        "error: the administrator's credential has no part `secret_key`: set SCW_SECRET_KEY, or give it in an account of \
         keywright.toml\n"
    );
    fail(simulated.call(&["list"]).env("SCW_SECRET_KEY", ""), "SCW_SECRET_KEY is empty");
    fail(simulated.call(&["list"]).env_remove("SCW_DEFAULT_ORGANIZATION_ID"), "set SCW_DEFAULT_ORGANIZATION_ID");
    fail(simulated.call(&["list"]).env("SCW_DEFAULT_ORGANIZATION_ID", ""), "SCW_DEFAULT_ORGANIZATION_ID is empty");
}

#[test]
fn a_credential_that_the_vendor_refuses_is_not_shown() {
    let simulated = Simulated::new();
    let error = fail_json(simulated.call(&["list"]).env("SCW_SECRET_KEY", UNKNOWN_SECRET));
    assert_eq!((&error["kind"], &error["status"]), (&"unauthenticated".into(), &401.into()), "{error}");
}

#[test]
fn a_part_that_does_not_have_its_form_is_named_with_its_source() {
    let simulated = Simulated::new();
    let said = fail(simulated.call(&["list"]).env("SCW_SECRET_KEY", CANARY), "the part `secret_key` of");
    assert!(said.contains("(it comes from SCW_SECRET_KEY)"), "{said}");
    fs::write(simulated.file("secret"), CANARY).unwrap();
    for (source, named) in [
        ("{ file = 'secret' }", "it comes from the file "),
        ("{ env = 'MY_KEY' }", "it comes from MY_KEY, as "),
        ("{ command = ['printenv', 'MY_KEY'] }", "it comes from the output of the command `printenv`, as "),
    ] {
        let config = config(&simulated, &format!("secret_key = {source}"));
        let said = fail(with_config(&simulated, &config).env("MY_KEY", CANARY), named);
        assert!(said.contains("keywright.toml, line 7 says"), "{said}");
    }
    assert!(simulated.simulator.requests().is_empty());
}

#[test]
fn a_host_that_cannot_be_reached_is_named() {
    let simulated = Simulated::new();
    for endpoint in ["https://127.0.0.1:1", "http://127.0.0.1:1", "api=https://127.0.0.1:1/prefix"] {
        let mut command = keywright(&["call", "scaleway", "list", "--endpoint", endpoint]);
        command.env("SCW_DEFAULT_ORGANIZATION_ID", simulated.organization()).env("SCW_SECRET_KEY", UNKNOWN_SECRET);
        fail(&mut command, "127.0.0.1:1");
        assert_eq!(fail_json(&mut command)["kind"], "unavailable");
    }
}

#[test]
fn an_endpoint_is_named_or_is_the_only_one() {
    let simulated = Simulated::new();
    let url = simulated.simulator.base_url().to_owned();
    let call = |endpoints: &[&str]| {
        let mut command = keywright(&["call", "scaleway", "list", "--ca-file"]);
        command.arg(simulated.file("ca.pem"));
        command.args(endpoints.iter().flat_map(|endpoint| ["--endpoint", endpoint]));
        command.env("SCW_DEFAULT_ORGANIZATION_ID", simulated.organization());
        command.env("SCW_SECRET_KEY", simulated.secret());
        command
    };
    succeed(&mut call(&[&url]));
    succeed(&mut call(&[&format!("api={url}")]));
    fail(&mut call(&[&format!("apy={url}")]), "did you mean `api`?");
    fail(&mut call(&[&url, &format!("api={url}")]), "--endpoint is given twice for the endpoint `api`");
    let named = config(&simulated, "secret_key = { env = 'MY_KEY' }").replace("endpoint = ", "endpoints.api = ");
    succeed(with_config(&simulated, &named).env("MY_KEY", simulated.secret()));
    let unknown = named.replace("endpoints.api", "endpoints.apy");
    let said = fail(with_config(&simulated, &unknown).env("MY_KEY", simulated.secret()), "keywright.toml, line 4: ");
    assert!(said.contains("did you mean `api`?"), "{said}");
}

#[test]
fn a_certificate_of_another_authority_is_refused() {
    let (simulated, other) = (Simulated::new(), Simulated::new());
    fs::copy(other.file("ca.pem"), simulated.file("ca.pem")).unwrap();
    fail(&mut simulated.call(&["list"]), "is not trusted");
    fs::write(simulated.file("ca.pem"), "not a certificate").unwrap();
    fail(&mut simulated.call(&["list"]), "CA certificate");
    fs::remove_file(simulated.file("ca.pem")).unwrap();
    fail(&mut simulated.call(&["list"]), "ca.pem");
    assert!(simulated.simulator.requests().is_empty(), "nothing is sent to a server that is not trusted");
}

#[test]
fn a_malformed_endpoint_is_refused_and_not_repeated() {
    let simulated = Simulated::new();
    for (endpoint, problem) in [
        (format!("http://{CANARY}.example"), "https"),
        (format!("https://{CANARY}@127.0.0.1:1"), "user name or a password"),
        (format!("https://127.0.0.1:1/?{CANARY}"), "a query"),
        (format!("https://127.0.0.1:1/{CANARY}/.."), "plain segments"),
        (CANARY.to_owned(), "https"),
    ] {
        let mut command = keywright(&["call", "scaleway", "list", "--endpoint", &endpoint]);
        command.env("SCW_DEFAULT_ORGANIZATION_ID", simulated.organization()).env("SCW_SECRET_KEY", UNKNOWN_SECRET);
        let said = fail(&mut command, "--endpoint");
        assert!(said.contains(problem), "{said}");
    }
    let mut command = keywright(&["call", "scaleway", "list", "--ca-file"]);
    command.arg(simulated.file("ca.pem")).env("SCW_DEFAULT_ORGANIZATION_ID", simulated.organization());
    fail(command.env("SCW_SECRET_KEY", UNKNOWN_SECRET), "--endpoint");
}

#[test]
fn an_unknown_vendor_is_refused_with_the_known_ones() {
    let said = fail(&mut keywright(&["call", "scalway", "list"]), "`scalway`");
    assert!(said.contains("did you mean `scaleway`?"), "{said}");
    assert_eq!(fail_json(&mut keywright(&["call", "scalway", "list"]))["kind"], "unknown-vendor");
}

/// Who has set a staging URL for the vendor's own tools means to be there.
#[test]
fn the_vendors_own_url_variable_is_followed_or_refused_and_never_passed_over() {
    let simulated = Simulated::new();
    let list = |variable: &str, url: &str| {
        let mut command = keywright(&["call", "scaleway", "list", "--ca-file"]);
        command.arg(simulated.file("ca.pem")).env(variable, url);
        command.env("SCW_DEFAULT_ORGANIZATION_ID", simulated.organization()).env("SCW_SECRET_KEY", simulated.secret());
        command
    };
    succeed(&mut list("SCW_API_URL", simulated.simulator.base_url()));
    assert_eq!(simulated.simulator.requests().len(), 1);
    let elsewhere = "https://127.0.0.1:1";
    fail(&mut list("SCW_API_URL", elsewhere), "127.0.0.1:1");
    succeed(list("SCW_API_URL", elsewhere).args(["--endpoint", simulated.simulator.base_url()]));
    for (url, problem) in [
        (format!("http://{CANARY}.example"), "https"),
        (format!("https://{CANARY}@staging.example"), "user name or a password"),
        (CANARY.to_owned(), "https"),
    ] {
        let said = fail(&mut list("SCW_API_URL", &url), "SCW_API_URL is not the URL of an endpoint");
        assert!(said.contains(problem), "{said}");
    }
}

/// As the `.env` file of the Merchant Center has it, without a region.
#[test]
fn a_region_can_be_given_by_the_vendors_own_urls() {
    let explain = |api: &str, auth: &str, url: &str| {
        let mut command = keywright(&["adapter", "explain", "commercetools", "list", "GET", url]);
        command.env("CTP_PROJECT_KEY", "pk").env("CTP_API_URL", api).env("CTP_AUTH_URL", auth);
        command
    };
    let (api, auth) =
        ("https://api.europe-west1.gcp.commercetools.com", "https://auth.europe-west1.gcp.commercetools.com/");
    let url = "https://api.europe-west1.gcp.commercetools.com/pk/api-clients";
    succeed(&mut explain(api, auth, url));
    succeed(explain(api, auth, url).env("CTP_REGION", "europe-west1.gcp"));
    fail(
        explain(api, auth, url).env("CTP_REGION", "us-central1.gcp"),
        "is a URL of another `region` than the account has",
    );
    let staging = "https://staging.intern.example";
    succeed(&mut explain(staging, auth, "https://staging.intern.example/pk/api-clients"));
    let mut outscale = keywright(&["adapter", "explain", "outscale", "list", "POST"]);
    outscale.arg("https://api.eu-west-2.outscale.com/api/v1/ReadAccessKeys");
    succeed(outscale.env("OSC_ENDPOINT_API", "https://api.eu-west-2.outscale.com/api/v1"));
}

#[test]
fn what_is_wrong_is_told_by_its_own_name() {
    fail(
        &mut keywright(&["adapter", "add", "https://example.com/a.wasm"]),
        "is a URL, and adapters are added from files",
    );
    let template = "https://api.scaleway.com/iam/v1alpha1/api-keys/{access_key}";
    fail(&mut keywright(&["adapter", "explain", "scaleway", "GET", template]), "has a placeholder of a rule");
    let mut region = keywright(&["call", "outscale", "list", "--set", "region=eu-west-3"]);
    region
        .env("OSC_ACCESS_KEY", "ABCDEFGHIJ0123456789")
        .env("OSC_SECRET_KEY", "ABCDEFGHIJ0123456789ABCDEFGHIJ0123456789");
    let regions = "must be one of ap-northeast-1, cloudgouv-eu-west-1, eu-west-2, us-east-2, us-west-1";
    fail(&mut region, regions);
    let simulated = Simulated::new();
    let application = format!("application_id={}", simulated.application());
    let create = ["create", "--attr", &application, "--secret-file", "-"];
    fail(
        &mut simulated.call(&create),
        "--secret-file takes the path of a new file: to print the secret, give --reveal",
    );
    let blank = format!(" {} ", simulated.simulator.base_url());
    let mut list = keywright(&["call", "scaleway", "list", "--endpoint", &blank, "--ca-file"]);
    list.arg(simulated.file("ca.pem")).env("SCW_DEFAULT_ORGANIZATION_ID", simulated.organization());
    succeed(list.env("SCW_SECRET_KEY", simulated.secret()));
}

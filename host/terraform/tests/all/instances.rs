//! Instances that are not as they should be: each is reported, with one sentence.

use keywright_terraform::{State, VendorId};
use serde_json::{Value, json};

use crate::{ODDITIES, find, one, raw, read, resource};

fn spaces(changes: Value) -> State {
    let mut attributes =
        json!({ "access_key": "DO00MADEUP0000000001", "name": "n", "grant": [], "secret_key": "made-up" });
    attributes.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    one("digitalocean_spaces_key", attributes)
}

fn reason(state: &State) -> &str {
    assert_eq!((state.found.len(), state.skipped.len()), (0, 1));
    &state.skipped[0].reason
}

fn problem(state: &State) -> &str {
    assert_eq!((state.found.len(), state.skipped.len(), state.found[0].problems.len()), (1, 0, 1), "{state:?}");
    &state.found[0].problems[0]
}

#[test]
fn a_tainted_instance_is_found_with_a_warning() {
    let found = read(ODDITIES);
    let tainted =
        found.found.iter().find(|found| found.resource_type.name == "aws_iam_access_key" && !found.problems.is_empty());
    let tainted = tainted.unwrap();
    assert!(tainted.problems[0].starts_with("it is tainted, so the next `terraform apply` would replace it"));
    assert_eq!(tainted.address.to_string(), r#"aws_iam_access_key.each["we\"ird$${x}\n'é\u0001"]"#);
    assert_eq!(tainted.id, VendorId::Whole("ci/AKIAEXAMPLE000000003".to_owned()));
}

#[test]
fn a_deposed_object_is_named_with_its_credential() {
    let state = read(ODDITIES);
    let [deposed] = state.skipped.as_slice() else { panic!("{:?}", state.skipped) };
    assert!(deposed.deposed && deposed.address == r#"module.a["x/y"].module.b.aws_iam_access_key.ci[0]"#);
    assert!(
        deposed
            .reason
            .starts_with("is a deposed object, the credential ci/AKIAEXAMPLE000000002, which has a successor")
    );
    assert_eq!(find(&state, &deposed.address).id, VendorId::Whole("ci/AKIAEXAMPLE000000001".to_owned()));
}

#[test]
fn an_instance_without_an_id_is_skipped() {
    for nothing in [json!(null), json!("")] {
        let state = spaces(json!({ "access_key": nothing }));
        assert!(reason(&state).starts_with("has no `access_key`, without which it is not found at the vendor"));
    }
    for form in [json!("a/b"), json!("a b"), json!("a\nb"), json!(true), json!([]), json!("x".repeat(300))] {
        let state = spaces(json!({ "access_key": form }));
        assert!(
            reason(&state).starts_with("has `access_key` in a form that no id of digitalocean-spaces has"),
            "{form}"
        );
    }
}

#[test]
fn an_id_whose_account_cannot_be_read_is_not_cut_short() {
    let state = one("incapsula_api_client", json!({ "account_id": true, "id": "2222", "name": "x" }));
    assert!(reason(&state).starts_with("has `account_id` in a form that no id of imperva has"));
    let own = one("incapsula_api_client", json!({ "account_id": 0, "id": "2222", "name": "x" }));
    assert_eq!(own.found[0].id, VendorId::Whole("2222".to_owned()));
}

#[test]
fn attributes_of_the_wrong_type_are_named_and_left_out() {
    let state = spaces(json!({ "name": ["hush"] }));
    assert_eq!(problem(&state), "`name` is not text: set the attribute `name` as it is at the vendor");
    assert!(!state.found[0].attributes.contains_key("name"));
    let state = spaces(json!({ "name": null }));
    assert_eq!(problem(&state), "`name` is not in the state: set the attribute `name`");
    let state = spaces(json!({ "grant": "hush" }));
    let says =
        "`grant` is not a list of blocks with bucket and permission: set the attribute `grants` as it is at the vendor";
    assert_eq!(problem(&state), says);
    let state = spaces(json!({ "secret_key": { "hush": 1 } }));
    assert_eq!(problem(&state), "`secret_key` is not text: the secret is not taken over");
    assert!(state.found[0].secrets.is_empty());
    let state = one("aws_iam_access_key", json!({ "id": "AKIA", "user": "u", "status": "Expired" }));
    assert!(problem(&state).starts_with("`status` is not Active or Inactive"));
    let state =
        one("incapsula_api_client", json!({ "id": "1", "name": "n", "expiration_date": "2027-09-12T10:33:29" }));
    assert!(problem(&state).starts_with("`expiration_date` is not a date with its time zone"));
}

#[test]
fn an_imported_resource_has_no_secret_and_no_problem() {
    for nothing in [json!(null), json!("")] {
        let state = spaces(json!({ "secret_key": nothing }));
        assert!(state.found[0].secrets.is_empty() && state.found[0].problems.is_empty());
    }
}

#[test]
fn a_secret_that_the_provider_encrypted_is_named() {
    let aws =
        json!({ "id": "AKIA", "user": "u", "secret": null, "encrypted_secret": "aHVzaA==", "pgp_key": "keybase:jo" });
    let datadog = json!({ "id": "f1c0ffee", "name": "n", "key": null, "encrypted_key": "aHVzaA==" });
    for (resource_type, attributes, name) in
        [("aws_iam_access_key", aws, "`encrypted_secret`"), ("datadog_api_key", datadog, "`encrypted_key`")]
    {
        let state = one(resource_type, attributes);
        assert!(problem(&state).starts_with(name) && !problem(&state).contains("aHVzaA"));
    }
}

#[test]
fn scopes_that_name_no_single_project_give_no_setting() {
    for scopes in [json!(["a:one", "b:two"]), json!(["a:one", "b"]), json!(["a"])] {
        let state = one("commercetools_api_client", json!({ "id": "i", "name": "n", "scope": scopes }));
        assert!(problem(&state).starts_with("`scope` does not name one project throughout"), "{scopes}");
        assert!(state.found[0].settings.is_empty());
    }
    let stores = json!(["view_orders:one", "manage_orders:one:berlin"]);
    let state = one("commercetools_api_client", json!({ "id": "i", "name": "n", "scope": stores }));
    assert_eq!(state.found[0].settings["project_key"], "one");
}

#[test]
fn attributes_in_an_old_form_or_none_are_skipped() {
    let instances = |instance: Value| {
        let mut resource = resource("datadog_api_key", "main", json!({}));
        resource["instances"] = json!([instance]);
        read(&raw(json!([resource])))
    };
    for (instance, start) in [
        (
            json!({ "attributes_flat": { "id": "x", "key": "hush" } }),
            "has its attributes in the form of Terraform before 0.12",
        ),
        (json!({ "schema_version": 0 }), "has no attributes"),
        (json!({ "attributes": null }), "has no attributes"),
        (json!({ "attributes": "hush" }), "has attributes that cannot be read"),
    ] {
        let state = instances(instance);
        assert!(reason(&state).starts_with(start) && !reason(&state).contains("hush"), "{}", reason(&state));
    }
}

#[test]
fn an_address_that_terraform_cannot_have_written_is_skipped() {
    for (field, value) in [
        ("name", json!("a\" {} removed {")),
        ("module", json!("module.a\u{1b}[31m")),
        ("module", json!("module.a[\"x\n\"]")),
    ] {
        let mut odd = resource("datadog_api_key", "main", json!({ "id": "i", "name": "n" }));
        odd[field] = value;
        let state = read(&raw(json!([odd])));
        assert!(reason(&state).starts_with("has an address that Terraform cannot have written"));
        assert!(!state.skipped[0].address.contains(char::is_control) && state.skipped[0].resource.is_none());
    }
}

#[test]
fn one_address_or_one_credential_twice_is_taken_once() {
    let key = |name: &str, id: &str| resource("datadog_api_key", name, json!({ "id": id, "name": "n" }));
    let state = read(&raw(json!([key("a", "1"), key("a", "2"), key("b", "1"), key("c", "3")])));
    assert_eq!(
        state.found.iter().map(|found| found.address.to_string()).collect::<Vec<_>>(),
        ["datadog_api_key.a", "datadog_api_key.c"]
    );
    assert_eq!(state.skipped[0].reason, "stands in the file twice: write the file again, unchanged");
    assert_eq!(
        state.skipped[1].reason,
        "is the same credential as datadog_api_key.a: leave one of the two in Terraform"
    );
}

//! What is checked before a request, and the advice after one.

use clap::Parser;
use keywright_model::descriptor::{PartDescription, PartOrigin, RandomPolicy};
use keywright_runtime::{CallError, Failure, FieldProblem, Parts, PendingCreation, Problem, Reason};

use super::advice::demanded_filters;
use super::*;
use crate::fixture::{changed, descriptor, part};
use crate::output::Format;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    call: CallArgs,
}

/// Everything that is looked at before the account, for a call of the vendor that exists in tests only.
fn prepare(line: &str, variables: &[(&str, &str)]) -> Result<(bool, Input), String> {
    prepare_with(&descriptor(), line, variables)
}

fn prepare_with(descriptor: &Descriptor, line: &str, variables: &[(&str, &str)]) -> Result<(bool, Input), String> {
    let environment = |name: &str| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| std::ffi::OsString::from(*value))
    };
    let words = ["call", "initech"].into_iter().chain(line.split_whitespace());
    let arguments = Line::try_parse_from(words).map_err(|error| error.to_string())?.call;
    let call = Call {
        operation: arguments.operation,
        descriptor,
        environment: &environment,
        arguments: &arguments,
        output: Output::new(Format::Table),
    };
    let prepared = arguments
        .check()
        .and_then(|()| call.check_supported())
        .and_then(|()| SecretOutput::of(&call))
        .and_then(|_| confirm::confirm_effect(&call))
        .and_then(|()| input::read(&call));
    prepared.map(|input| (call.mints(), input)).map_err(|error| error.message().to_owned())
}

/// A vendor whose credentials have a part that the host makes.
fn with_made_part() -> Descriptor {
    let alphabet = "abcdefghijklmnopqrstuvwxyz0123456789".into();
    let policy = RandomPolicy { length: 32, alphabet, required: Vec::new(), extensions: None };
    let made = PartDescription { origin: PartOrigin::Random(policy), ..part("password", true, true, &[]) };
    changed(|model| model.issued.parts.push(made))
}

fn refused(line: &str, named: &str) {
    let message = prepare(line, &[]).err().unwrap_or_else(|| panic!("{line} is not refused"));
    assert!(message.contains(named), "{line}: {message}");
}

#[test]
fn a_change_of_expiry_that_makes_a_secret_wants_a_place_for_it_and_a_yes() {
    refused("update a/1 --expires-in 30d", "--secret-file");
    refused("update a/1 --expires-in 30d --reveal", "--yes");
    let (mints, _) = prepare("update a/1 --expires-in 30d --reveal --yes", &[]).unwrap();
    assert!(mints);
    let (mints, input) = prepare("update a/1 --attr owner=x", &[]).unwrap();
    assert!(!mints);
    let Input::Update(change) = input else { panic!("an update has a change") };
    assert_eq!(change.expiry, keywright_runtime::ExpiryChange::Keep);
}

#[test]
fn an_expiry_can_be_removed() {
    let (_, input) = prepare("update a/1 --expires-at never --reveal --yes", &[]).unwrap();
    let Input::Update(change) = input else { panic!("an update has a change") };
    assert_eq!(change.expiry, keywright_runtime::ExpiryChange::Clear);
}

#[test]
fn attributes_have_the_types_of_the_schema() {
    let (_, input) = prepare("create --reveal --attr scopes=read,write", &[]).unwrap();
    let Input::Create(creation) = input else { panic!("a creation has attributes") };
    assert_eq!(creation.attributes["scopes"], json!(["read", "write"]));
}

#[test]
fn a_secret_attribute_is_not_taken_from_the_command_line() {
    refused("create --reveal --attr pin=1234", "--attributes @FILE");
    refused(r#"create --reveal --attributes {"pin":"1234"}"#, "--attributes @FILE");
}

#[test]
fn an_operation_that_the_vendor_lacks_is_refused_with_those_it_has() {
    refused("revoke a/1 --yes", "initech has no operation `revoke`: it has create, get, update and verify");
}

#[test]
fn what_verify_asks_with_is_complete() {
    let line = "verify a/1 --credential-env token=NEW";
    let (_, input) = prepare(line, &[("NEW", "t")]).unwrap();
    let Input::Verify(parts) = input else { panic!("verify has parts") };
    assert_eq!(parts.parts().names().collect::<Vec<_>>(), ["key_id", "token"]);
    assert_eq!(secrecy::ExposeSecret::expose_secret(parts.parts().get("key_id").unwrap()), "1");
    refused(line, "`NEW` is not set");
    assert!(prepare(line, &[("NEW", "")]).err().unwrap().contains("is empty"));
    refused("verify a/1 --credential-env tokn=NEW", "did you mean `token`?");
    refused("verify a/1 --credential-env session_token=NEW", "a credential of initech has no part `session_token`");
    refused("verify a/1 --credential-file /none", "/none");
}

#[test]
fn a_creation_goes_on_with_its_cursor() {
    let (_, input) = prepare("create --reveal --continue job-7 --idempotency-key k-1", &[]).unwrap();
    let Input::Create(request) = input else { panic!("a creation has a request") };
    assert_eq!(request.continuation.unwrap().cursor, "job-7");
    assert_eq!(request.idempotency_key.as_deref(), Some("k-1"));
    refused("create --reveal --credential-file key.json", "with --continue only");
    refused("get a/1 --continue job-7", "unknown argument --continue of `get`: it goes with create");
    refused("get a/1 --idempotency-key k", "it goes with create, update and regenerate");
}

#[test]
fn the_parts_that_were_made_for_a_creation_come_from_the_file_of_the_first_call() {
    let descriptor = with_made_part();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("key.json");
    let line = |cursor: &str| format!("create --reveal --continue {cursor} --credential-file {}", file.display());
    std::fs::write(&file, r#"{"password":"hush","cursor":"job-7"}"#).unwrap();
    let (_, input) = prepare_with(&descriptor, &line("job-7"), &[]).unwrap();
    let Input::Create(request) = input else { panic!("a creation has a request") };
    assert_eq!(request.continuation.unwrap().parts.names().collect::<Vec<_>>(), ["password"]);
    let message = prepare_with(&descriptor, &line("job-8"), &[]).err().unwrap();
    assert!(message.contains("is of another creation"), "{message}");
    let message = prepare_with(&descriptor, "create --reveal --continue job-7", &[]).err().unwrap();
    assert!(message.contains("the part `password` was made for the creation"), "{message}");
}

#[test]
fn a_list_without_what_the_vendor_demands_names_the_flag() {
    let problem = FieldProblem {
        pointer: "/filter/attributes/user_name".to_owned(),
        problem: Problem::Required,
        message: "is missing".to_owned(),
    };
    let error = demanded_filters(Failure::invalid(vec![problem]).into());
    assert!(error.message().ends_with("/filter/attributes/user_name is missing: give --filter user_name=VALUE"));
    let other = demanded_filters(Failure::new(Reason::Forbidden, "no").into());
    assert_eq!(other.message(), "no");
}

/// The advice on a creation that ended so.
fn advice(line: &str, error: CallError) -> String {
    let words = ["call", "initech", "create"].into_iter().chain(line.split_whitespace());
    let arguments = Line::try_parse_from(words).unwrap().call;
    let descriptor = descriptor();
    let call = Call {
        operation: Operation::Create,
        descriptor: &descriptor,
        environment: &|_| None,
        arguments: &arguments,
        output: Output::new(Format::Table),
    };
    let secret_output = SecretOutput::of(&call).unwrap();
    let Input::Create(request) = input::read(&call).unwrap() else { panic!("a creation has a request") };
    call.unfinished(error, &request, secret_output).message().to_owned()
}

#[test]
fn a_creation_that_is_pending_says_how_to_go_on() {
    let pending = |parts| {
        let pending = PendingCreation { cursor: "job 7".to_owned(), parts };
        Failure { retry_after: Some(30), ..Failure::new(Reason::Pending(pending), "the key is being made") }
    };
    let message = advice("--reveal", pending(Parts::new()).into());
    assert!(message.starts_with("the key is being made (try again in 30 s): "), "{message}");
    assert!(message.contains("`keywright call initech create --continue 'job 7'`"), "{message}");

    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("key.json").display().to_string();
    let parts = Parts::from_iter([("token", "hush".to_owned())]);
    let message = advice(&format!("--secret-file {file}"), pending(parts).into());
    assert!(message.contains(&format!("were written to {file}")), "{message}");
    assert!(message.contains(&format!("--continue 'job 7' --credential-file {file}`")), "{message}");
    assert!(!message.contains("hush"), "{message}");
}

#[test]
fn a_creation_in_doubt_says_how_to_look() {
    let failure = || CallError::from(Failure::new(Reason::InDoubt, "the answer was lost"));
    let message = advice("--reveal --attr owner=ann --marker kw-1", failure());
    assert!(message.contains("`keywright call initech list --filter owner=ann --marker kw-1`"), "{message}");
    assert!(advice("--reveal", failure()).contains("give it a --marker next time"));
}

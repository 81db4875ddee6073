//! Scaleway's answers, mutated: the adapter does not break down over one, and never pretends.

use keywright_runtime::{Account, CreateRequest, Filter, Outcome, Parts, UpdateRequest};
use keywright_tests::mutations::{Given, Judgement, Mutations, Right, kind_of, untold};
use keywright_tests::{ScalewayBench as Bench, exposed, object};
use proptest::prelude::*;
use serde_json::{Value, json};

const ID: &str = "SCWM4DEUPEXAMPLE0042";
const SECRET: &str = "7f3c9a52-1b1e-4c0e-9d5e-3a8f0c6b2d11";
const APPLICATION: &str = "0766588d-4a0e-4938-a140-544964da7870";

fn key(secret: Value) -> Value {
    json!({
        "access_key": ID, "secret_key": secret, "application_id": APPLICATION, "description": "ci [keywright:g1]",
        "created_at": "2026-06-10T16:12:40.585516Z", "updated_at": "2026-06-10T16:12:42.032716Z",
        "expires_at": null, "default_project_id": "5b0c2f3e-8a86-4d06-9d7c-0d6a5a0e7a11", "editable": true,
        "deletable": true, "managed": false, "creation_ip": "192.0.2.10",
    })
}

/// An error of one kind; the text and the details may be anything.
fn error(kind: &str, details: &Value) -> Value {
    json!({"type": kind, "message": details, "help_message": "help", "details": [details, {}]})
}

fn mutations() -> Mutations {
    Mutations {
        adapter: Bench::built_in(),
        settings: object(json!({"organization_id": "105bdce1-64c0-48ab-899d-868455867ecf"})),
        credential: Parts::from_iter([("secret_key", "11111111-2222-4333-8444-555555555555")]),
        errors: vec![
            (400, |details| error("invalid_arguments", details)),
            (401, |details| error("denied_authentication", details)),
            (403, |details| error("permissions_denied", details)),
            (403, |details| error("quotas_exceeded", details)),
            (404, |details| error("not_found", details)),
            (404, |details| error("not_found", details)),
            (404, |details| error("not_found", details)),
            (409, |details| error("already_exists", details)),
            (409, |details| error("transient_state", details)),
            (410, |details| error("resource_expired", details)),
            (412, |details| error("precondition_failed", details)),
            (423, |details| error("locked", details)),
            (418, |details| error("of_a_later_version", details)),
        ],
        values: vec![json!("denied_authentication"), json!("not_found"), json!(ID)],
        aside: |_| None,
    }
}

fn one_key() -> [Right; 1] {
    [(200, Some(key(Value::Null)))]
}

fn two_keys() -> [Right; 1] {
    [(200, Some(json!({"api_keys": [key(Value::Null), key(Value::Null)], "total_count": 2})))]
}

fn says_not_found(given: &Given) -> bool {
    given.status == 404 && given.text("/type") == Some("not_found")
}

async fn create(account: &Account, given: &Given) -> Judgement {
    let attributes = object(json!({"application_id": APPLICATION, "description": "ci"}));
    let creation =
        CreateRequest { attributes, marker: Some("g1".to_owned()), expires_at: None, ..CreateRequest::default() };
    match account.create(&creation).await {
        Ok(issued) => {
            let secret = exposed(&issued.parts, "secret_key");
            prop_assert!(given.succeeded());
            // What is not text is kept as its JSON text.
            let told = &given.json["secret_key"];
            prop_assert_eq!(told.as_str().map_or_else(|| told.to_string(), str::to_owned), secret);
            prop_assert_eq!(given.text("/access_key"), Some(issued.credential.id.as_str()));
            untold(SECRET, &format!("{issued:?}"))?;
            Ok("made".to_owned())
        }
        Err(error) => {
            let kind = kind_of(&error)?;
            // What was minted is never lost to a change elsewhere in the answer.
            let minted =
                given.succeeded() && given.text("/access_key").is_some() && given.text("/secret_key").is_some();
            prop_assert!(!minted, "a secret was lost: {error}");
            prop_assert!(!given.succeeded() || kind == "in-doubt", "{error:?}");
            untold(SECRET, &format!("{error} {error:?}"))?;
            Ok(kind)
        }
    }
}

#[test]
fn no_answer_to_a_creation_is_mistaken_and_no_secret_is_lost() {
    let expected = ["made", "in-doubt", "quota", "invalid", "unauthenticated", "forbidden", "rate-limited"];
    mutations().run(&[(200, Some(key(json!(SECRET))))], &expected, create);
}

#[test]
fn no_answer_to_a_get_is_mistaken() {
    mutations().run(&one_key(), &["found", "none", "unavailable"], async |account, given| {
        match account.get(ID).await {
            Ok(None) => {
                prop_assert!(says_not_found(given));
                Ok("none".to_owned())
            }
            Ok(Some(found)) => {
                prop_assert!(given.succeeded() && found.id == ID && given.text("/access_key") == Some(ID));
                Ok("found".to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}

#[test]
fn no_answer_to_a_list_is_mistaken() {
    mutations().run(&two_keys(), &["listed", "unavailable"], async |account, given| {
        match account.list(&Filter::default(), None).await {
            Ok(page) => {
                prop_assert!(given.succeeded());
                let items = page.credentials.len() + page.unreadable.len();
                prop_assert_eq!(Some(items), given.json["api_keys"].as_array().map(Vec::len));
                Ok("listed".to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}

#[test]
fn no_answer_to_an_update_is_mistaken() {
    mutations().run(&one_key(), &["changed", "in-doubt", "not-found"], async |account, given| {
        let attributes = object(json!({"description": "new"}));
        let change = UpdateRequest { attributes, marker: Some("g1".to_owned()), ..UpdateRequest::default() };
        match account.update(ID, &change).await {
            Ok(updated) => {
                prop_assert!(given.succeeded() && updated.credential.id == ID);
                Ok("changed".to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}

#[test]
fn no_answer_to_a_verification_is_mistaken() {
    let expected = ["active", "refused", "inconclusive", "unavailable"];
    mutations().run(&one_key(), &expected, async |account, given| {
        let verdict = match account.verify(ID, &Parts::from_iter([("access_key", ID), ("secret_key", SECRET)])).await {
            Ok(verdict) => verdict,
            Err(error) => return kind_of(&error),
        };
        let kind = given.text("/type");
        match verdict.outcome {
            Outcome::Active => {
                let shown = given.succeeded() && given.text("/access_key") == Some(ID);
                prop_assert!(shown || (given.status == 403 && kind == Some("permissions_denied")));
            }
            Outcome::Refused => prop_assert!(given.status == 401 || kind == Some("denied_authentication")),
            _ => prop_assert!(says_not_found(given)),
        }
        Ok(format!("{:?}", verdict.outcome).to_lowercase())
    });
}

#[test]
fn no_answer_to_a_revocation_is_mistaken() {
    mutations().run(&[(204, None)], &["ended", "in-doubt", "forbidden"], async |account, given| {
        match account.revoke(ID).await {
            Ok(()) => {
                prop_assert!((given.succeeded() && given.body.is_empty()) || says_not_found(given));
                Ok("ended".to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}

#[test]
fn no_answer_to_a_check_is_mistaken() {
    let expected = ["allowed", "refused", "unauthenticated"];
    mutations().run(&two_keys(), &expected, async |account, given| match account.check().await {
        Ok(principal) if principal.allowed.is_empty() => {
            prop_assert_eq!(given.status, 403);
            Ok("refused".to_owned())
        }
        Ok(_) => {
            prop_assert!(given.succeeded() && given.json["api_keys"].is_array());
            Ok("allowed".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

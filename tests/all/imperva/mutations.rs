//! Imperva's answers, mutated: the adapter does not break down over one, and never pretends.

use keywright_runtime::{
    Account, CallError, CreateRequest, ExpiryChange, Filter, Outcome, Parts, RegenerateRequest, UpdateRequest,
};
use keywright_tests::mutations::{Given, Judgement, Mutations, Right, kind_of, untold};
use keywright_tests::{ImpervaBench as Bench, exposed, object};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::answers::{
    is_id, is_key_of_its_own, is_zero, key, listed, lists_the_client, may_be_id, refuses, says_not_found,
};
use super::{ID, SECRET, envelope, told};

fn v3(status: u16, details: &Value) -> Value {
    json!({"errors": [{"status": status, "id": "7", "title": "no", "detail": details, "source": {"pointer": details}}]})
}

fn v1(res: Value, details: &Value) -> Value {
    json!({"res": res, "res_message": details, "debug_info": {"id-info": details}})
}

fn mutations() -> Mutations {
    Mutations {
        adapter: Bench::built_in(),
        settings: object(json!({})),
        credential: Parts::from_iter([("api_id", "101"), ("api_key", "administrator")]),
        errors: vec![
            (400, |details| v3(400, details)),
            (401, |details| v3(401, details)),
            (403, |details| v3(403, details)),
            (403, |details| v3(403, details)),
            (404, |details| v3(404, details)),
            (404, |details| v3(404, details)),
            (406, |details| v3(406, details)),
            (406, |_| v3(406, &json!("the limit of API keys is reached"))),
            (409, |details| v3(409, details)),
            (200, |details| v3(403, details)),
            (500, |details| v3(500, details)),
            (400, |details| json!({"errors": [{"status": "400", "message": details}, details]})),
            (403, |details| json!({"error_code": "NOT_ALLOWED", "message": details})),
            (200, |details| v1(json!(9418), details)),
            (200, |details| v1(json!("2002"), details)),
            (200, |details| v1(json!(3015), details)),
            (200, |details| v1(json!(9413), details)),
            (200, |details| v1(json!(2), details)),
            (401, |details| v1(json!(9415), details)),
            (200, |details| v1(details.clone(), details)),
        ],
        values: vec![json!(482913), json!("482913"), json!(7), json!(0), json!("0"), json!("name")],
        aside: |_| None,
    }
}

fn a_client() -> [Right; 1] {
    [(200, Some(told(Value::Null)))]
}

fn with_secret(status: u16) -> [Right; 1] {
    [(status, Some(told(json!(SECRET))))]
}

fn one_in_a_list() -> [Right; 1] {
    [(200, Some(envelope(&[told(Value::Null)])))]
}

/// A failure: no secret is told, and one that was issued is kept beside it.
fn failed(error: &CallError, given: &Given) -> Judgement {
    untold(SECRET, &format!("{error} {error:?}"))?;
    if let Some(secret) = key(given) {
        let kept = error.minted().map(|parts| exposed(parts, "api_key"));
        prop_assert_eq!(kept, Some(secret), "a secret was lost: {}", error);
        if is_key_of_its_own(given) {
            prop_assert_eq!(error.kind(), "in-doubt");
            return Ok(error.kind().to_owned());
        }
    }
    kind_of(error)
}

async fn create(account: &Account, given: &Given) -> Judgement {
    let attributes = object(json!({"name": "First", "description": "ci", "enabled": true}));
    let creation = CreateRequest { attributes, marker: Some("g1".to_owned()), ..CreateRequest::default() };
    let usable = given.succeeded() && key(given).is_some() && may_be_id(&given.json["id"]);
    match account.create(&creation).await {
        Ok(issued) => {
            prop_assert!(usable);
            prop_assert_eq!(key(given), Some(exposed(&issued.parts, "api_key")));
            prop_assert_eq!(exposed(&issued.parts, "api_id"), issued.credential.id.as_str());
            let id = given.json["id"].to_string();
            prop_assert_eq!(id.trim_matches('"'), issued.credential.id.as_str());
            untold(SECRET, &format!("{issued:?}"))?;
            Ok("made".to_owned())
        }
        Err(error) => {
            prop_assert!(!usable || is_key_of_its_own(given), "a client was lost: {error}");
            let kind = failed(&error, given)?;
            prop_assert!(!given.succeeded() || refuses(given) || kind == "in-doubt", "{error:?}");
            Ok(kind)
        }
    }
}

#[test]
fn no_answer_to_a_creation_is_mistaken_and_no_secret_is_lost() {
    let expected = [
        "made",
        "in-doubt",
        "quota",
        "invalid",
        "unauthenticated",
        "forbidden",
        "conflict",
        "rate-limited",
        "not-found",
        "vendor",
    ];
    mutations().run(&with_secret(201), &expected, create);
}

#[test]
fn no_answer_to_a_regeneration_is_mistaken_and_no_secret_is_lost() {
    let expected = ["renewed", "in-doubt", "invalid", "unauthenticated", "forbidden", "not-found", "rate-limited"];
    mutations().run(&with_secret(200), &expected, async |account, given| {
        let id = &given.json["id"];
        let usable = given.succeeded()
            && key(given).is_some()
            && (is_id(id) || given.json.as_object().is_some_and(|fields| !fields.contains_key("id")));
        match account.regenerate(ID, &RegenerateRequest::default()).await {
            Ok(issued) => {
                prop_assert!(usable);
                prop_assert_eq!(issued.credential.id.as_str(), ID);
                prop_assert_eq!(key(given), Some(exposed(&issued.parts, "api_key")));
                untold(SECRET, &format!("{issued:?}"))?;
                Ok("renewed".to_owned())
            }
            Err(error) => {
                prop_assert!(!usable || is_key_of_its_own(given), "a key was lost: {error}");
                failed(&error, given)
            }
        }
    });
}

#[test]
fn no_answer_to_an_update_is_mistaken_and_no_secret_is_lost() {
    let expected = ["changed", "in-doubt", "not-found", "forbidden", "invalid"];
    let judge = async |account: &Account, given: &Given| {
        let change = UpdateRequest { attributes: object(json!({"name": "First"})), ..UpdateRequest::default() };
        match account.update(ID, &change).await {
            Ok(updated) => {
                prop_assert!(given.succeeded() && updated.credential.id == ID);
                prop_assert!(is_id(&given.json["id"]) || key(given).is_some());
                let secret = updated.parts.as_ref().map(|parts| exposed(parts, "api_key"));
                prop_assert_eq!(key(given), secret.clone());
                prop_assert!(!refuses(given) || secret.is_some());
                Ok(if secret.is_some() { "changed with a new key" } else { "changed" }.to_owned())
            }
            Err(error) => failed(&error, given),
        }
    };
    mutations().run(&a_client(), &expected, judge);
    mutations().run(&with_secret(200), &["changed with a new key", "changed", "in-doubt"], judge);
}

#[test]
fn no_answer_to_an_update_of_the_expiry_is_mistaken() {
    let expected = ["changed", "in-doubt", "not-found", "unavailable"];
    let right: [Right; 2] = [(200, Some(envelope(&[told(Value::Null)]))), (200, Some(told(Value::Null)))];
    mutations().run(&right, &expected, async |account, given| {
        let later = ExpiryChange::Set(chrono::Utc::now() + chrono::TimeDelta::days(40_000));
        let change = UpdateRequest { expiry: later, ..UpdateRequest::default() };
        match account.update(ID, &change).await {
            Ok(updated) => {
                prop_assert!(given.succeeded() && updated.credential.id == ID);
                Ok("changed".to_owned())
            }
            // The number that the adapter asked for stands where a key would.
            Err(error) if given.step == 0 && is_key_of_its_own(given) => Ok(error.kind().to_owned()),
            Err(error) if given.step == 0 => kind_of(&error),
            Err(error) => failed(&error, given),
        }
    });
}

#[test]
fn no_answer_to_a_switch_is_mistaken_and_no_secret_is_lost() {
    let expected = ["switched", "in-doubt", "not-found", "forbidden", "unauthenticated"];
    mutations().run(&a_client(), &expected, async |account, given| match account.set_enabled(ID, true).await {
        Ok(client) => {
            prop_assert!(given.succeeded() && !refuses(given) && client.enabled && client.id == ID);
            prop_assert!(is_id(&given.json["id"]) && given.json["enabled"] == true && key(given).is_none());
            Ok("switched".to_owned())
        }
        Err(error) => failed(&error, given),
    });
}

#[test]
fn no_answer_to_a_get_is_mistaken() {
    let expected = ["found", "none", "unavailable", "unexpected-response", "vendor", "forbidden", "unauthenticated"];
    mutations().run(&one_in_a_list(), &expected, async |account, given| match account.get(ID).await {
        Ok(None) => {
            let empty = given.succeeded() && !refuses(given) && given.json["data"] == json!([]);
            prop_assert!(empty || says_not_found(given));
            Ok("none".to_owned())
        }
        Ok(Some(found)) => {
            prop_assert!(given.succeeded() && !refuses(given) && found.id == ID && lists_the_client(given));
            Ok("found".to_owned())
        }
        Err(error) => {
            let shown = given.succeeded() && !refuses(given) && lists_the_client(given);
            prop_assert!(!shown || is_key_of_its_own(given), "a client was not seen: {error}");
            kind_of(&error)
        }
    });
}

#[test]
fn no_answer_to_a_list_is_mistaken() {
    let mut other = told(Value::Null);
    other["id"] = json!(7);
    let right: [Right; 1] = [(200, Some(envelope(&[told(Value::Null), other])))];
    let expected = [
        "listed",
        "listed with more to come",
        "listed in part",
        "unavailable",
        "unexpected-response",
        "vendor",
        "forbidden",
    ];
    mutations().run(&right, &expected, async |account, given| match account.list(&Filter::default(), None).await {
        Ok(page) => {
            prop_assert!(given.succeeded() && !refuses(given));
            let held = page.credentials.len() + page.unreadable.len();
            prop_assert_eq!(Some(held), listed(given).map(Vec::len));
            let readable = listed(given).into_iter().flatten().filter(|client| may_be_id(&client["id"]));
            prop_assert_eq!(page.credentials.len(), readable.count());
            let more = given.json["meta"]["total"].as_u64() > Some(held as u64);
            prop_assert!(page.next.is_some() == (more && held > 0));
            Ok(match (page.unreadable.is_empty(), page.next.is_some()) {
                (false, _) => "listed in part",
                (true, true) => "listed with more to come",
                (true, false) => "listed",
            }
            .to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

#[test]
fn no_answer_to_a_verification_is_mistaken() {
    let expected = ["active", "refused", "inconclusive", "unavailable", "unexpected-response", "forbidden"];
    mutations().run(&one_in_a_list(), &expected, async |account, given| {
        let parts = Parts::from_iter([("api_id", ID), ("api_key", SECRET)]);
        let verdict = match account.verify(ID, &parts).await {
            Ok(verdict) => verdict,
            Err(error) => return kind_of(&error),
        };
        match verdict.outcome {
            Outcome::Active => {
                let shown = given.succeeded() && !refuses(given) && lists_the_client(given);
                let inner = given.json.pointer("/errors/0/status");
                let forbidden = given.status == 403 || inner.is_some_and(|status| *status == json!(403));
                prop_assert!(shown || (forbidden && refuses(given)));
            }
            Outcome::Refused => {
                let disabled = given.json["res"] == json!(9418) || given.json["res"] == "9418";
                let inner = given.json.pointer("/errors/0/status");
                prop_assert!(
                    given.status == 401 || disabled || inner.is_some_and(|it| *it == json!(401) || it == "401")
                );
            }
            _ => prop_assert!(says_not_found(given) || (given.succeeded() && listed(given).is_some())),
        }
        Ok(format!("{:?}", verdict.outcome).to_lowercase())
    });
}

#[test]
fn no_answer_to_a_revocation_is_mistaken() {
    let right: [Right; 2] = [(204, None), (200, Some(envelope(&[told(Value::Null)])))];
    let expected = ["ended", "in-doubt", "forbidden", "vendor"];
    mutations().run(&right, &expected, async |account, given| match account.revoke(ID).await {
        // The second answer is asked for only when the first one is a 404 of whomever.
        Ok(()) if given.step == 1 => Ok("ended".to_owned()),
        Ok(()) => {
            let done = given.body.is_empty() || is_zero(&given.json["res"]);
            prop_assert!((given.succeeded() && done) || says_not_found(given));
            Ok("ended".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

#[test]
fn no_answer_to_the_question_after_an_unclear_end_is_mistaken() {
    let right: [Right; 2] = [(404, None), (200, Some(envelope(&[])))];
    mutations().run(&right, &["ended", "vendor", "unavailable", "unexpected-response"], async |account, given| {
        match account.revoke(ID).await {
            Ok(()) if given.step == 0 => Ok("ended".to_owned()),
            Ok(()) => {
                let empty = given.succeeded() && !refuses(given) && given.json["data"] == json!([]);
                prop_assert!(empty || says_not_found(given));
                Ok("ended".to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}

#[test]
fn no_answer_to_a_check_is_mistaken() {
    let expected = ["allowed", "refused", "unauthenticated", "unavailable", "unexpected-response", "vendor"];
    mutations().run(&one_in_a_list(), &expected, async |account, given| match account.check().await {
        Ok(principal) if principal.allowed.is_empty() => {
            let inner = given.json.pointer("/errors/0/status").is_some_and(|status| *status == json!(403));
            prop_assert!(refuses(given) && (given.status == 403 || inner));
            Ok("refused".to_owned())
        }
        Ok(_) => {
            prop_assert!(given.succeeded() && !refuses(given) && listed(given).is_some());
            Ok("allowed".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

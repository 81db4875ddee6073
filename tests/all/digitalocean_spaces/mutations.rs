//! DigitalOcean's answers, mutated: the adapter does not break down over one, and never pretends.

use keywright_runtime::{Account, CreateRequest, Filter, Outcome, Parts, UpdateRequest};
use keywright_tests::mutations::{Given, Judgement, Mutations, Right, kind_of, untold};
use keywright_tests::{SpacesBench as Bench, exposed, object};
use proptest::prelude::*;
use serde_json::json;

use super::scripted::{ID, SECRET, error, key, one, parts, reading, with_its_secret};

fn mutations() -> Mutations {
    Mutations {
        adapter: Bench::built_in(),
        settings: object(json!({"region": "nyc3"})),
        credential: Parts::from_iter([("token", "administrator")]),
        errors: vec![
            (400, |details| error("bad_request", details)),
            (400, |_| error("bad_request", &json!("name: must have at most 255 characters"))),
            (400, |_| error("bad_request", &json!("only the name of a key can be updated"))),
            (401, |_| error("unauthorized", &json!("Unable to authenticate you"))),
            (403, |details| error("Forbidden", details)),
            (404, |details| error("not_found", details)),
            (404, |details| json!({"message": details})),
            (412, |details| error("precondition_failed", details)),
            (422, |_| error("unprocessable_entity", &json!("the account has reached its limit of 200 access keys"))),
            (429, |details| error("too_many_requests", details)),
            (500, |details| error("server_error", details)),
        ],
        values: vec![json!("not_found"), json!(ID), json!("fullaccess"), json!(""), json!([]), reading()],
        aside: |_| None,
    }
}

fn says_not_found(given: &Given) -> bool {
    given.status == 404 && given.text("/id") == Some("not_found")
}

fn minted(given: &Given) -> Option<String> {
    given.secret("/key/secret_key")
}

async fn create(account: &Account, given: &Given) -> Judgement {
    let attributes = object(json!({"name": "ci", "grants": reading()}));
    let creation = CreateRequest { attributes, marker: Some("g1".to_owned()), ..CreateRequest::default() };
    match account.create(&creation).await {
        Ok(issued) => {
            prop_assert!(given.succeeded());
            prop_assert_eq!(minted(given), Some(exposed(&issued.parts, "secret_key")));
            // An identifier that repeats the secret is told as redacted.
            let id = given.text("/key/access_key");
            prop_assert!(minted(given).as_deref() == id || id == Some(issued.credential.id.as_str()));
            let marked = issued.credential.marker.as_deref() == Some("g1");
            let granted = issued.credential.attributes.get("grants") == Some(&reading());
            prop_assert!((marked && granted) || !issued.warnings.is_empty(), "not as asked, without a warning");
            untold(SECRET, &format!("{issued:?}"))?;
            Ok(if issued.warnings.is_empty() { "made" } else { "made with a warning" }.to_owned())
        }
        Err(error) => {
            let kind = kind_of(&error)?;
            // What was minted is never lost to a change elsewhere in the answer.
            let whole = given.succeeded() && given.text("/key/access_key").is_some() && minted(given).is_some();
            prop_assert!(!whole, "a secret was lost: {error}");
            prop_assert!(!given.succeeded() || kind == "in-doubt", "{error:?}");
            untold(SECRET, &format!("{error} {error:?}"))?;
            Ok(kind)
        }
    }
}

#[test]
fn no_answer_to_a_creation_is_mistaken_and_no_secret_is_lost() {
    let expected = [
        "made",
        "made with a warning",
        "in-doubt",
        "quota",
        "invalid",
        "unauthenticated",
        "forbidden",
        "vendor",
        "rate-limited",
    ];
    mutations().run(&[(201, Some(with_its_secret()))], &expected, create);
}

fn one_key() -> [Right; 1] {
    [(200, Some(one(key())))]
}

fn two_keys() -> [Right; 1] {
    [(200, Some(json!({"keys": [key(), key()], "links": {}, "meta": {"total": 2}})))]
}

#[test]
fn no_answer_to_a_get_is_mistaken() {
    let expected = ["found", "none", "unavailable", "unexpected-response", "forbidden", "vendor"];
    mutations().run(&one_key(), &expected, async |account, given| match account.get(ID).await {
        Ok(None) => {
            prop_assert!(says_not_found(given));
            Ok("none".to_owned())
        }
        Ok(Some(found)) => {
            prop_assert!(given.succeeded() && found.id == ID && given.text("/key/access_key") == Some(ID));
            Ok("found".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

#[test]
fn no_answer_to_a_list_is_mistaken() {
    let expected = ["listed", "listed in part", "unavailable", "unexpected-response", "forbidden"];
    mutations().run(&two_keys(), &expected, async |account, given| {
        match account.list(&Filter::default(), None).await {
            Ok(page) => {
                prop_assert!(given.succeeded());
                let read = page.credentials.len() + page.unreadable.len();
                prop_assert_eq!(Some(read), given.json["keys"].as_array().map(Vec::len));
                Ok(if page.unreadable.is_empty() { "listed" } else { "listed in part" }.to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}

#[test]
fn no_answer_to_a_change_is_mistaken() {
    let mut renamed = key();
    renamed["name"] = json!("new [keywright:g1]");
    let right = [(200, Some(one(key()))), (200, Some(one(renamed)))];
    let expected =
        ["changed", "changed with a warning", "in-doubt", "invalid", "unexpected-response", "unavailable", "not-found"];
    mutations().run(&right, &expected, async |account, given| {
        let attributes = object(json!({"name": "new"}));
        let change = UpdateRequest { attributes, marker: Some("g1".to_owned()), ..UpdateRequest::default() };
        match account.update(ID, &change).await {
            Ok(updated) => {
                prop_assert!(given.succeeded() && updated.credential.id == ID && updated.parts.is_none());
                // What is sent again is what was read.
                let read = given.json["key"]["name"].is_string() && given.json["key"].get("grants").is_some();
                prop_assert!(given.step == 1 || read, "{}", given.json);
                let shown = updated.credential.attributes.get("name") == Some(&json!("new"));
                prop_assert!(shown || !updated.warnings.is_empty(), "not as asked, without a warning");
                Ok(if updated.warnings.is_empty() { "changed" } else { "changed with a warning" }.to_owned())
            }
            // What only reads leaves nothing in doubt.
            Err(error) => {
                let kind = kind_of(&error)?;
                prop_assert!(given.step == 1 || kind != "in-doubt", "{error:?}");
                Ok(kind)
            }
        }
    });
}

#[test]
fn no_answer_to_a_revocation_is_mistaken() {
    let expected = ["ended", "in-doubt", "forbidden", "vendor", "unauthenticated"];
    mutations().run(&[(204, None)], &expected, async |account, given| match account.revoke(ID).await {
        Ok(()) => {
            prop_assert!((given.succeeded() && given.body.is_empty()) || says_not_found(given));
            Ok("ended".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

#[test]
fn no_answer_to_a_check_is_mistaken() {
    let expected = ["allowed", "refused", "unauthenticated", "vendor"];
    mutations().run(&two_keys(), &expected, async |account, given| match account.check().await {
        Ok(principal) if principal.allowed.is_empty() => {
            prop_assert!(given.status == 403 && given.json.is_object());
            Ok("refused".to_owned())
        }
        Ok(_) => {
            prop_assert!(given.succeeded() && given.json["keys"].is_array());
            Ok("allowed".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

/// S3 speaks XML: what is not proves nothing, whatever its status.
#[test]
fn no_answer_in_json_proves_anything_of_a_key() {
    let right = [(403, Some(json!({"Error": {"Code": "AccessDenied"}})))];
    let expected = ["inconclusive", "unavailable", "rate-limited"];
    mutations().run(&right, &expected, async |account, given| match account.verify(ID, &parts()).await {
        Ok(verdict) => {
            prop_assert!(verdict.outcome == Outcome::Inconclusive && given.status < 500);
            Ok("inconclusive".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

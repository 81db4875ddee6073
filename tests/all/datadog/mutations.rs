//! Datadog's answers, mutated: the adapter does not break down over one, and never pretends.

use keywright_runtime::{Account, CreateRequest, Filter, Outcome, Parts, UpdateRequest};
use keywright_tests::mutations::{Given, Judgement, Mutations, Right, kind_of, untold};
use keywright_tests::{DatadogBench as Bench, exposed, object};
use proptest::prelude::*;
use serde_json::json;

use super::scripted::{ID, KEY, key, own, with_its_value};

fn mutations() -> Mutations {
    Mutations {
        adapter: Bench::built_in(),
        settings: object(json!({"site": "datadoghq.com"})),
        credential: Parts::from_iter([("api_key", "administrator"), ("application_key", "application")]),
        errors: vec![
            (400, |details| json!({"errors": [details]})),
            (400, |details| json!({"errors": ["The organization has reached its limit of 50 API keys", details]})),
            (400, |details| json!({"errors": ["An API key named \"ci\" already exists", details]})),
            (401, |_| json!({"errors": ["Unauthorized"]})),
            (403, |_| json!({"errors": ["Forbidden"]})),
            (403, |details| json!({"errors": [{"status": "403", "title": "Forbidden", "detail": details}]})),
            (403, |_| json!({"errors": ["API key required"]})),
            (404, |_| json!({"errors": ["API key not found"]})),
            (404, |details| json!({"errors": ["API key not found", details]})),
            (404, |_| json!({"errors": ["Not Found"]})),
            (409, |details| json!({"errors": [details]})),
            (429, |_| json!({"errors": ["Rate limit of 100 requests in 60 seconds reached. Please try again later."]})),
        ],
        values: vec![json!("API key not found"), json!(["API key not found"]), json!(true), json!(ID)],
        aside: |_| None,
    }
}

/// Whether the vendor itself may have said that a key does not exist.
fn says_not_found(given: &Given) -> bool {
    given.status == 404 && String::from_utf8_lossy(&given.body).to_lowercase().contains("api key not found")
}

fn has_errors(given: &Given) -> bool {
    given.json["errors"].as_array().is_some_and(|errors| !errors.is_empty())
}

fn minted(given: &Given) -> Option<String> {
    given.secret("/data/attributes/key")
}

async fn create(account: &Account, given: &Given) -> Judgement {
    let attributes = object(json!({"name": "ci"}));
    let creation = CreateRequest { attributes, marker: Some("g1".to_owned()), ..CreateRequest::default() };
    match account.create(&creation).await {
        Ok(issued) => {
            prop_assert!(given.succeeded());
            prop_assert_eq!(minted(given), Some(exposed(&issued.parts, "api_key")));
            prop_assert_eq!(given.text("/data/id"), Some(issued.credential.id.as_str()));
            let marked = issued.credential.marker.as_deref() == Some("g1");
            prop_assert!(marked || !issued.warnings.is_empty(), "an unmarked key without a warning");
            untold(KEY, &format!("{issued:?}"))?;
            Ok(if issued.warnings.is_empty() { "made" } else { "made with a warning" }.to_owned())
        }
        Err(error) => {
            let kind = kind_of(&error)?;
            // What was minted is never lost to a change elsewhere in the answer.
            let whole = given.succeeded() && given.text("/data/id").is_some() && minted(given).is_some();
            prop_assert!(!whole, "a key was lost: {error}");
            prop_assert!(!given.succeeded() || kind == "in-doubt", "{error:?}");
            untold(KEY, &format!("{error} {error:?}"))?;
            Ok(kind)
        }
    }
}

#[test]
fn no_answer_to_a_creation_is_mistaken_and_no_key_is_lost() {
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
    mutations().run(&[(201, Some(with_its_value()))], &expected, create);
}

#[test]
fn no_answer_to_a_get_is_mistaken() {
    let expected = ["found", "none", "unavailable", "unexpected-response", "forbidden"];
    mutations().run(&[(200, Some(with_its_value()))], &expected, async |account, given| match account.get(ID).await {
        Ok(None) => {
            prop_assert!(says_not_found(given) && has_errors(given));
            Ok("none".to_owned())
        }
        Ok(Some(found)) => {
            prop_assert!(given.succeeded() && found.id == ID && given.text("/data/id") == Some(ID));
            untold(KEY, &format!("{found:?}"))?;
            Ok("found".to_owned())
        }
        Err(error) => {
            untold(KEY, &format!("{error} {error:?}"))?;
            kind_of(&error)
        }
    });
}

fn two_keys() -> Right {
    let meta = json!({"max_allowed": 50, "page": {"total_filtered_count": 2}});
    (200, Some(json!({"data": [key(), key()], "meta": meta})))
}

#[test]
fn no_answer_to_a_list_is_mistaken() {
    let expected = ["listed", "listed in part", "unavailable", "unexpected-response", "forbidden"];
    mutations().run(&[two_keys()], &expected, async |account, given| {
        match account.list(&Filter::default(), None).await {
            Ok(page) => {
                prop_assert!(given.succeeded());
                let read = page.credentials.len() + page.unreadable.len();
                prop_assert_eq!(Some(read), given.json["data"].as_array().map(Vec::len));
                Ok(if page.unreadable.is_empty() { "listed" } else { "listed in part" }.to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}

#[test]
fn no_answer_to_a_change_of_the_name_is_mistaken() {
    let expected = ["changed", "in-doubt", "not-found", "invalid"];
    mutations().run(&[(200, Some(with_its_value()))], &expected, async |account, given| {
        let attributes = object(json!({"name": "new"}));
        let change = UpdateRequest { attributes, marker: Some("g1".to_owned()), ..UpdateRequest::default() };
        match account.update(ID, &change).await {
            Ok(updated) => {
                prop_assert!(given.succeeded() && updated.credential.id == ID && updated.parts.is_none());
                untold(KEY, &format!("{updated:?}"))?;
                Ok("changed".to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}

#[test]
fn no_answer_to_another_change_is_mistaken() {
    let right = [(200, Some(with_its_value())), (200, Some(with_its_value()))];
    let expected = ["changed", "in-doubt", "unexpected-response", "unavailable"];
    mutations().run(&right, &expected, async |account, given| {
        let change = UpdateRequest { attributes: object(json!({"category": "agent"})), ..UpdateRequest::default() };
        match account.update(ID, &change).await {
            Ok(updated) => {
                prop_assert!(given.succeeded() && updated.credential.id == ID);
                // The name that is sent again is the one that was read.
                prop_assert!(given.step == 1 || given.text("/data/attributes/name").is_some());
                Ok("changed".to_owned())
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
fn no_answer_to_a_verification_is_mistaken() {
    let expected = ["active", "refused", "inconclusive", "unavailable", "rate-limited"];
    mutations().run(&[(200, Some(json!({"valid": true})))], &expected, async |account, given| {
        let verdict = match account.verify(ID, &Parts::from_iter([("api_key", KEY)])).await {
            Ok(verdict) => verdict,
            Err(error) => return kind_of(&error),
        };
        match verdict.outcome {
            Outcome::Active => prop_assert!(given.succeeded() && given.json["valid"] == true),
            Outcome::Refused => prop_assert!(given.status == 403 && has_errors(given)),
            Outcome::Inconclusive => prop_assert!(given.status < 500),
        }
        Ok(format!("{:?}", verdict.outcome).to_lowercase())
    });
}

#[test]
fn no_answer_to_a_revocation_is_mistaken() {
    let right = [(200, Some(own())), (204, None)];
    let expected = ["ended", "in-doubt", "forbidden", "unauthenticated", "unexpected-response"];
    mutations().run(&right, &expected, async |account, given| match (account.revoke(ID).await, given.step) {
        (Ok(()), 0) => {
            let another = given.text("/data/attributes/api_key_id").is_some_and(|id| id != ID);
            prop_assert!((given.succeeded() && another) || (matches!(given.status, 404 | 410) && has_errors(given)));
            Ok("ended".to_owned())
        }
        (Ok(()), _) => {
            prop_assert!((given.succeeded() && given.body.is_empty()) || says_not_found(given));
            Ok("ended".to_owned())
        }
        // Nothing was deleted yet.
        (Err(error), 0) => {
            let kind = kind_of(&error)?;
            prop_assert!(kind != "in-doubt", "{error:?}");
            Ok(kind)
        }
        (Err(error), _) => kind_of(&error),
    });
}

#[test]
fn no_answer_to_a_check_is_mistaken() {
    let right = [(200, Some(json!({"status": "ok"}))), two_keys()];
    let expected = ["allowed", "refused", "unauthenticated", "forbidden"];
    mutations().run(&right, &expected, async |account, given| match account.check().await {
        Ok(principal) if principal.allowed.is_empty() => {
            prop_assert_eq!((given.step, given.status), (1, 403));
            Ok("refused".to_owned())
        }
        Ok(_) => {
            prop_assert!(given.succeeded());
            let proper =
                if given.step == 0 { given.text("/status") == Some("ok") } else { given.json["data"].is_array() };
            prop_assert!(proper);
            Ok("allowed".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

//! Gcore's answers, mutated: the adapter does not break down over one, and never pretends.

use keywright_runtime::{Account, CreateRequest, Filter, Outcome, Parts};
use keywright_tests::mutations::{Given, Judgement, Mutations, Right, kind_of, untold};
use keywright_tests::{GcoreBench as Bench, exposed, object};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::scripted::{CLIENT, ID, created, token};

/// What must not be told: the token without its public start.
const SECRET: &str = "5f1d0c9e8b7a6f5e4d3c2b1a0f9e8d7c";

fn mutations(api_version: &str) -> Mutations {
    Mutations {
        adapter: Bench::built_in(),
        settings: object(json!({"client_id": CLIENT, "api_version": api_version})),
        credential: Parts::from_iter([("token", "768659_administrator")]),
        errors: vec![
            (400, |details| json!({"errors": {"client_user": {"role": [details]}}})),
            (400, |details| json!({"errors": details})),
            (400, |details| json!({"exception_class": "ValidationError", "invalid_fields": details})),
            (400, |_| json!({"errors": {"client_user": {"role": ["Can't create token with role Administrators"]}}})),
            (401, |_| json!({"detail": "Token is invalid or expired", "code": "token_not_valid"})),
            (403, |_| json!({"message": "You do not have permission to perform this action."})),
            (403, |details| json!({"message": details})),
            (403, |details| json!({"exception_class": "QuotaLimitExceed", "message": details})),
            (404, |_| json!({"message": "API token not found."})),
            (404, |_| json!({"detail": "API token not found."})),
            (404, |_| json!({"message": "Account not found."})),
            (404, |details| json!({"message": details})),
            (409, |details| json!({"exception_class": "ConflictError", "message": details, "request_id": "r"})),
            (429, |_| json!({"message": "Request was throttled."})),
        ],
        values: vec![
            json!("API token not found."),
            json!("Account not found."),
            json!("You do not have permission to perform this action."),
            json!("2021-01-01 12:00:00+00:00"),
            json!(768_660),
            json!(CLIENT),
            json!(u64::MAX),
            json!(true),
        ],
        aside: |_| None,
    }
}

fn whole() -> Value {
    let mut answer = created();
    answer["description"] = json!("ci [keywright:g1]");
    answer["token"] = json!(format!("768660_{SECRET}"));
    answer
}

/// The texts of the whole, where Gcore puts them.
fn texts(given: &Given) -> Vec<String> {
    fn below(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => found.push(text.trim().trim_end_matches('.').to_lowercase()),
            Value::Array(items) => items.iter().for_each(|item| below(item, found)),
            Value::Object(fields) => fields.values().for_each(|value| below(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for name in ["message", "detail", "errors", "invalid_fields"] {
        below(&given.json[name], &mut found);
    }
    found
}

fn says_no_token(given: &Given) -> bool {
    given.status == 404 && texts(given).iter().any(|text| text == "api token not found")
}

fn says_permission(given: &Given) -> bool {
    let code = given.text("/exception_class").or(given.text("/code"));
    given.status == 403
        && (texts(given).iter().any(|text| text.contains("permission")) || code == Some("ForbiddenError"))
}

async fn create(account: &Account, given: &Given) -> Judgement {
    let attributes = object(json!({"name": "test", "description": "ci", "role_id": 2}));
    let creation =
        CreateRequest { attributes, marker: Some("g1".to_owned()), expires_at: None, ..CreateRequest::default() };
    match account.create(&creation).await {
        Ok(issued) => {
            let secret = exposed(&issued.parts, "token");
            prop_assert!(given.succeeded());
            // What is not text is kept as its JSON text.
            let told = &given.json["token"];
            prop_assert_eq!(told.as_str().map_or_else(|| told.to_string(), str::to_owned), secret.as_str());
            let prefix = secret.split_once(['$', '_']).filter(|(id, rest)| rest.len() >= 16 && id.len() < rest.len());
            let by_prefix = prefix.and_then(|(id, _)| id.parse().ok());
            let number = given.json["id"].as_u64().filter(|id| *id > 0).or(by_prefix);
            let expected = number.map_or("unknown".to_owned(), |number: u64| number.to_string());
            prop_assert_eq!(&issued.credential.id, &format!("{CLIENT}/{expected}"));
            untold(SECRET, &format!("{issued:?}"))?;
            Ok(if expected == "unknown" { "made without an id" } else { "made" }.to_owned())
        }
        Err(error) => {
            let kind = kind_of(&error)?;
            prop_assert!(!given.succeeded() || given.text("/token").is_none(), "a secret was lost: {error}");
            prop_assert!(!given.succeeded() || kind == "in-doubt", "{error:?}");
            untold(SECRET, &format!("{error} {error:?}"))?;
            Ok(kind)
        }
    }
}

#[test]
fn no_answer_to_a_creation_is_mistaken_and_no_secret_is_lost() {
    let expected = ["made", "in-doubt", "quota", "invalid", "unauthenticated", "forbidden", "rate-limited"];
    mutations("v2").run(&[(200, Some(whole()))], &expected, create);
}

#[test]
fn no_short_answer_to_a_creation_is_mistaken_and_no_secret_is_lost() {
    let short = json!({"token": format!("768660${SECRET}")});
    let expected = ["made", "made without an id", "in-doubt", "quota", "invalid", "unauthenticated", "forbidden"];
    mutations("v1").run(&[(200, Some(short))], &expected, create);
}

#[test]
fn no_answer_to_a_get_is_mistaken() {
    let expected = ["found", "none", "unavailable", "invalid", "vendor"];
    mutations("v2").run(&[(200, Some(token()))], &expected, async |account, given| match account.get(ID).await {
        Ok(None) => {
            let flagged = ["deleted", "expired"].iter().any(|flag| given.json[*flag] == true);
            let of_this = given.json["id"] == 768_660;
            prop_assert!(says_no_token(given) || (given.succeeded() && of_this && flagged));
            Ok("none".to_owned())
        }
        Ok(Some(found)) => {
            prop_assert!(given.succeeded() && found.id == ID && given.json["id"] == 768_660);
            prop_assert!(given.json["deleted"] != true && given.json["expired"] != true);
            Ok("found".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

fn two_tokens() -> Value {
    let mut other = token();
    other["id"] = json!(768_661);
    json!([token(), other])
}

/// How many of a list's tokens are not said to be gone.
fn live(given: &Given) -> Option<usize> {
    let gone = |token: &&Value| token["deleted"] != true && token["expired"] != true;
    given.json.as_array().map(|tokens| tokens.iter().filter(gone).count())
}

#[test]
fn no_answer_to_a_list_is_mistaken() {
    let expected = ["listed", "unavailable", "unexpected-response", "invalid"];
    mutations("v2").run(&[(200, Some(two_tokens()))], &expected, async |account, given| {
        match account.list(&Filter::default(), None).await {
            Ok(page) => {
                prop_assert!(given.succeeded());
                prop_assert!(live(given).is_some_and(|live| page.credentials.len() + page.unreadable.len() >= live));
                prop_assert!(live(given).is_some_and(|live| page.credentials.len() <= live));
                Ok("listed".to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}

fn me() -> Right {
    (200, Some(json!({"id": CLIENT, "email": "ops@example.com", "status": "active", "currentUser": 1_023_101})))
}

#[test]
fn no_answer_to_a_verification_is_mistaken() {
    let expected = ["active", "refused", "inconclusive", "unavailable", "unexpected-response"];
    mutations("v2").run(&[me()], &expected, async |account, given| {
        let verdict = match account.verify(ID, &Parts::from_iter([("token", format!("768660_{SECRET}"))])).await {
            Ok(verdict) => verdict,
            Err(error) => return kind_of(&error),
        };
        let told = given.json["id"].as_u64();
        match verdict.outcome {
            Outcome::Active => prop_assert!((given.succeeded() && told == Some(CLIENT)) || says_permission(given)),
            Outcome::Refused => prop_assert!(matches!(given.status, 401 | 403)),
            _ => prop_assert!((given.succeeded() && told.is_some_and(|id| id != CLIENT)) || given.status == 403),
        }
        untold(SECRET, &verdict.explanation)?;
        Ok(format!("{:?}", verdict.outcome).to_lowercase())
    });
}

#[test]
fn no_answer_to_a_revocation_is_mistaken() {
    let expected = ["ended", "in-doubt", "forbidden", "invalid"];
    mutations("v2").run(&[(204, None)], &expected, async |account, given| match account.revoke(ID).await {
        Ok(()) => {
            let empty = matches!(given.status, 200 | 204) && given.body.is_empty();
            prop_assert!(empty || says_no_token(given));
            Ok("ended".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

#[test]
fn no_answer_to_a_check_is_mistaken() {
    let expected = ["allowed", "refused", "unauthenticated", "invalid", "unavailable"];
    let right = [me(), (200, Some(two_tokens()))];
    mutations("v2").run(&right, &expected, async |account, given| match account.check().await {
        Ok(principal) if principal.allowed.is_empty() => {
            prop_assert!(given.step == 1 && says_permission(given));
            Ok("refused".to_owned())
        }
        Ok(principal) => {
            let known = given.succeeded() && given.json["id"] == CLIENT;
            prop_assert!(given.step == 1 || known || (says_permission(given) && principal.owner.is_none()));
            prop_assert!(given.step == 0 || (given.succeeded() && given.json.is_array()));
            Ok("allowed".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

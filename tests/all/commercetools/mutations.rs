//! commercetools' answers, mutated: the adapter does not break down over one, and never pretends.

use keywright_runtime::{Account, CreateRequest, Filter, Operation, Outcome, Parts};
use keywright_tests::mutations::{Given, Judgement, Mutations, Right, kind_of, untold};
use keywright_tests::{CommercetoolsBench as Bench, exposed, object};
use proptest::prelude::*;
use serde_json::{Value, json};

const ID: &str = "Vn3K2mQd8tYxR0aLw7ZsJp1c";
const SECRET: &str = "q8Jt4yXw0b2n6KzRv1mLs9Pd3Hf7Gc5A";

fn client() -> Value {
    json!({
        "id": ID, "name": "ci [keywright:g1]", "scope": "manage_orders:pk manage_api_clients:pk",
        "createdAt": "2026-10-20T14:30:00.000Z", "deleteAt": "2027-01-18T14:30:00.000Z", "lastUsedAt": "2026-11-12",
        "accessTokenValiditySeconds": 3600, "refreshTokenValiditySeconds": 60,
    })
}

fn with_secret() -> Value {
    let mut client = client();
    client["secret"] = json!(SECRET);
    client
}

/// An error with this code; the text and the details may be anything.
fn error(status: u16, code: &str, details: &Value) -> Value {
    json!({
        "statusCode": status, "message": details, "error": details,
        "errors": [{"code": code, "message": "m", "field": details}, details],
    })
}

/// The 404 of this client.
fn not_found() -> Value {
    let message = format!("The Resource with ID '{ID}' was not found.");
    json!({
        "statusCode": 404, "message": message,
        "errors": [{"code": "ResourceNotFound", "message": message}],
    })
}

fn mutations() -> Mutations {
    Mutations {
        adapter: Bench::built_in(),
        settings: object(json!({"project_key": "pk", "region": "europe-west1.gcp"})),
        credential: Parts::from_iter([("client_id", "administrator"), ("client_secret", "s3cr3t")]),
        errors: vec![
            (400, |details| error(400, "InvalidField", details)),
            (400, |_| error(400, "InvalidField", &json!("name"))),
            (400, |details| error(400, "InvalidInput", details)),
            (400, |details| error(400, "MaxResourceLimitExceeded", details)),
            (401, |details| error(401, "invalid_token", details)),
            (403, |details| error(403, "insufficient_scope", details)),
            (404, |details| error(404, "ResourceNotFound", details)),
            (404, |_| not_found()),
            (404, |_| not_found()),
            (500, |details| error(500, "General", details)),
            (503, |details| error(503, "OverCapacity", details)),
            (418, |details| error(418, "OfALaterVersion", details)),
        ],
        values: vec![json!("invalid_token"), json!("insufficient_scope"), json!("ResourceNotFound"), json!(ID)],
        aside: Bench::token,
    }
}

fn listed() -> Right {
    (200, Some(json!({"limit": 200, "offset": 0, "count": 2, "results": [client(), client()]})))
}

/// Whether an answer names this client as the one that does not exist.
fn says_gone(given: &Given) -> bool {
    given.status == 404
        && given.text("/errors/0/code") == Some("ResourceNotFound")
        && given.text("/message").is_some_and(|message| message.contains(&format!("'{ID}'")))
}

/// Whether a 404 leaves open what it is that does not exist.
fn says_missing(given: &Given) -> bool {
    given.status == 404 && (given.body.is_empty() || code(given) == "ResourceNotFound")
}

/// The first code that an error has.
fn code(given: &Given) -> &str {
    let codes = [given.text("/errors/0/code"), given.text("/error")];
    codes.into_iter().flatten().next().unwrap_or_default()
}

fn secret(given: &Given) -> Option<String> {
    given.secret("/secret")
}

/// What a get or a revocation makes of an answer, when a second request may have to clear up a 404.
fn may_be_gone(given: &Given) -> bool {
    match given.step {
        0 => says_gone(given) || says_missing(given),
        // The 404 before said nothing; the list shows that the project is there.
        _ => given.succeeded() && given.json["results"].is_array(),
    }
}

async fn create(account: &Account, given: &Given) -> Judgement {
    let attributes = object(json!({"name": "ci", "scope": ["manage_orders:pk"]}));
    let creation = CreateRequest { attributes, marker: Some("g1".to_owned()), ..CreateRequest::default() };
    let minted = given.succeeded() && given.text("/id").is_some() && secret(given).is_some();
    match account.create(&creation).await {
        Ok(issued) => {
            prop_assert!(minted);
            prop_assert_eq!(secret(given), Some(exposed(&issued.parts, "client_secret")));
            // An id that is the secret as well is shown nowhere.
            let id = given.text("/id").filter(|id| secret(given).as_deref() != Some(*id)).unwrap_or("[redacted]");
            prop_assert_eq!(id, issued.credential.id.as_str());
            untold(SECRET, &format!("{issued:?}"))?;
            Ok("made".to_owned())
        }
        Err(error) => {
            prop_assert!(!minted, "a secret was lost: {error}");
            untold(SECRET, &format!("{error} {error:?}"))?;
            prop_assert!(!given.succeeded() || error.kind() == "in-doubt", "{error:?}");
            let kept = error.minted().map(|parts| exposed(parts, "client_secret"));
            prop_assert_eq!(kept, secret(given), "a secret was lost: {}", error);
            kind_of(&error)
        }
    }
}

#[test]
fn no_answer_to_a_creation_is_mistaken_and_no_secret_is_lost() {
    let expected = ["made", "in-doubt", "quota", "invalid", "unauthenticated", "forbidden", "rate-limited", "vendor"];
    mutations().run(&[(201, Some(with_secret()))], &expected, create);
}

async fn get(account: &Account, given: &Given) -> Judgement {
    match account.get(ID).await {
        Ok(None) => {
            prop_assert!(may_be_gone(given), "{given:?}");
            Ok("none".to_owned())
        }
        Ok(Some(found)) => {
            prop_assert!(given.succeeded() && found.id == ID && given.text("/id") == Some(ID));
            Ok("found".to_owned())
        }
        Err(error) => kind_of(&error),
    }
}

/// The second answer is asked for only when the first is a 404 that does not say what is missing.
fn and_then_a_list() -> [Right; 2] {
    [(200, Some(client())), listed()]
}

/// The first answer when it is the second that is mutated.
fn right_first() -> Given {
    Given { step: 0, status: 200, body: client().to_string().into_bytes(), json: client() }
}

#[test]
fn no_answer_to_a_get_is_mistaken() {
    let expected = ["found", "none", "unavailable", "unexpected-response", "forbidden"];
    mutations().run(&and_then_a_list(), &expected, async |account, given| match given.step {
        0 => get(account, given).await,
        _ => get(account, &right_first()).await,
    });
}

#[test]
fn no_answer_that_clears_up_a_404_is_mistaken() {
    let right = [(404, None), listed()];
    mutations().run(&right, &["none", "forbidden", "unavailable", "unexpected-response", "invalid"], get);
    mutations().run(&right, &["ended", "in-doubt", "unavailable", "unexpected-response", "invalid"], revoke);
}

async fn revoke(account: &Account, given: &Given) -> Judgement {
    match account.revoke(ID).await {
        Ok(()) => {
            let ended = given.step == 0 && given.succeeded() && given.text("/id") == Some(ID);
            prop_assert!(ended || may_be_gone(given), "{given:?}");
            Ok("ended".to_owned())
        }
        Err(error) => kind_of(&error),
    }
}

#[test]
fn no_answer_to_a_revocation_is_mistaken() {
    let expected = ["ended", "in-doubt", "forbidden", "rate-limited"];
    mutations().run(&and_then_a_list(), &expected, async |account, given| match given.step {
        0 => revoke(account, given).await,
        _ => revoke(account, &right_first()).await,
    });
}

#[test]
fn no_answer_to_a_list_is_mistaken() {
    let expected = ["listed", "listed in part", "unavailable", "unexpected-response"];
    mutations().run(&[listed()], &expected, async |account, given| {
        match account.list(&Filter::default(), None).await {
            Ok(page) => {
                prop_assert!(given.succeeded());
                let results = given.json["results"].as_array();
                prop_assert_eq!(Some(page.credentials.len() + page.unreadable.len()), results.map(Vec::len));
                let named = |client: &&Value| client["id"].as_str().is_some_and(|id| !id.is_empty());
                prop_assert_eq!(page.credentials.len(), results.into_iter().flatten().filter(named).count());
                Ok(if page.unreadable.is_empty() { "listed" } else { "listed in part" }.to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}

#[test]
fn no_answer_to_a_verification_is_mistaken() {
    let expected = ["active", "refused", "inconclusive", "unavailable", "unexpected-response"];
    mutations().run(&[(200, Some(client()))], &expected, async |account, given| {
        let parts = Parts::from_iter([("client_id", ID), ("client_secret", SECRET)]);
        let verdict = match account.verify(ID, &parts).await {
            Ok(verdict) => verdict,
            Err(error) => return kind_of(&error),
        };
        match verdict.outcome {
            Outcome::Active => {
                let shown = given.succeeded() && given.text("/id") == Some(ID);
                prop_assert!(shown || (given.status == 403 && code(given) == "insufficient_scope"), "{given:?}");
            }
            Outcome::Refused => prop_assert!(given.status == 401),
            _ => prop_assert!(says_missing(given)),
        }
        Ok(format!("{:?}", verdict.outcome).to_lowercase())
    });
}

#[test]
fn no_answer_to_a_check_is_mistaken() {
    let mut own = client();
    own["id"] = json!("administrator");
    let expected = ["allowed", "refused", "unauthenticated", "invalid"];
    mutations().run(&[(200, Some(own))], &expected, async |account, given| match account.check().await {
        Ok(principal) if principal.allowed.is_empty() => {
            prop_assert!(given.status == 403 && code(given) == "insufficient_scope");
            Ok("refused".to_owned())
        }
        Ok(principal) => {
            prop_assert!(given.succeeded() && given.text("/id") == Some("administrator"));
            let may_create = principal.allowed.contains(&Operation::Create);
            let says_so = given
                .text("/scope")
                .is_some_and(|scope| scope.split_whitespace().any(|scope| scope == "manage_api_clients:pk"));
            prop_assert_eq!(may_create, says_so);
            Ok("allowed".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

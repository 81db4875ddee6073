//! OUTSCALE's answers, mutated: the adapter does not break down over one, and never pretends.

use chrono::DateTime;
use keywright_runtime::{Account, CreateRequest, ExpiryChange, Filter, Outcome, Parts, UpdateRequest};
use keywright_tests::mutations::{Given, Judgement, Mutations, Right, kind_of, untold};
use keywright_tests::{Arrived, OutscaleBench as Bench, Reply, exposed, object};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

const KEY: &str = "ABCDEFGHIJ0123456789";
const ID: &str = "123456789012/example-user/ABCDEFGHIJ0123456789";
const OWN_ID: &str = "123456789012/ABCDEFGHIJ0123456789";
const ACCOUNT: &str = "123456789012";
const ADMINISTRATOR: &str = "ZYXWVUTSRQ9876543210";
const SECRET: &str = "KLMNOPQRSTUVWXYZ0123456789ABCDEFGHIJKLMN";

fn key(state: &str) -> Value {
    json!({
        "AccessKeyId": KEY, "CreationDate": "2026-06-10T16:12:40.585+0000", "Tag": "ci [keywright:g1]", "State": state,
        "LastModificationDate": "2026-06-10T16:12:40.585+0000", "ExpirationDate": "2999-01-01T00:00:00.000+0000",
    })
}

fn context(mut body: Value) -> Right {
    body["ResponseContext"] = json!({"RequestId": "00000000-0000-4000-8000-000000000001"});
    (200, Some(body))
}

fn list(state: &str) -> Right {
    context(json!({"AccessKeys": [key(state)]}))
}

fn updated(state: &str) -> Right {
    context(json!({"AccessKey": key(state)}))
}

fn created() -> Right {
    let mut key = key("ACTIVE");
    key["SecretKey"] = json!(SECRET);
    context(json!({"AccessKey": key}))
}

fn accounts() -> Right {
    context(json!({"Accounts": [{"AccountId": ACCOUNT}]}))
}

fn no_users() -> Right {
    context(json!({"Users": [], "HasMoreItems": false}))
}

fn error(code: &str, details: &Value) -> Value {
    json!({
        "Errors": [{"Code": code, "Type": "T", "Details": details}],
        "ResponseContext": {"RequestId": "00000000-0000-4000-8000-000000000001"},
    })
}

fn mutations() -> Mutations {
    Mutations {
        adapter: Bench::built_in(),
        settings: object(json!({"region": "eu-west-2"})),
        credential: Parts::from_iter([
            ("access_key", ADMINISTRATOR),
            ("secret_key", "administrators-secret"),
            ("owner", ACCOUNT),
        ]),
        errors: vec![
            (401, |details| error("1", details)),
            (401, |details| error("7", details)),
            (401, |details| error("11", details)),
            (401, |details| error("13", details)),
            (401, |details| error("14", details)),
            (503, |details| error("6", details)),
            (429, |details| error("24", details)),
            (400, |details| error("4000", details)),
            (400, |details| error("4120", details)),
            (400, |details| error("4047", details)),
            (400, |details| error("5027", details)),
            (400, |details| error("5075", details)),
            (409, |details| error("6003", details)),
            (400, |details| error("10005", details)),
            (403, |details| json!({"__type": "T", "message": details})),
            (401, |details| json!({"title": "T", "detail": details})),
        ],
        values: vec![json!("INACTIVE"), json!("ACTIVE"), json!(KEY), json!("5075"), json!([]), json!({})],
        aside: |_| None,
    }
}

/// With right answers to what is asked before a key is said not to exist: the account, and its users.
fn proven() -> Mutations {
    let aside = |arrived: &Arrived| {
        let (status, body) = match arrived.path.as_str() {
            "/api/v1/ReadAccounts" => accounts(),
            "/api/v1/ReadUsers" => no_users(),
            _ => return None,
        };
        Some(Reply::json(status, &body?))
    };
    Mutations { aside, ..mutations() }
}

/// Whether an answer says that the administrator is of the account.
fn tells_the_account(given: &Given) -> bool {
    given.succeeded() && given.text("/Accounts/0/AccountId") == Some(ACCOUNT)
}

/// The code of the error that an answer is.
fn code(given: &Given) -> Option<u64> {
    let told = matches!(given.status, 400..500).then(|| given.json.pointer("/Errors/0/Code")).flatten()?;
    told.as_u64().or_else(|| told.as_str()?.parse().ok())
}

/// Whether an answer to a read says that the key does not exist: an empty list, or that its user does not.
fn proves_absence(given: &Given) -> bool {
    let empty = given.succeeded() && given.json["AccessKeys"].as_array().is_some_and(Vec::is_empty);
    empty || code(given) == Some(5075)
}

/// Whether an answer to a read shows the key.
fn shows_the_key(given: &Given) -> bool {
    let keys = given.json["AccessKeys"].as_array();
    given.succeeded() && keys.is_some_and(|keys| keys.iter().any(|key| key["AccessKeyId"] == KEY))
}

/// Whether an answer to an update tells of the key.
fn tells_of_the_key(given: &Given) -> bool {
    given.succeeded() && given.text("/AccessKey/AccessKeyId") == Some(KEY)
}

async fn create(account: &Account, given: &Given, state: &str) -> Judgement {
    let attributes = object(json!({"user_name": "example-user", "tag": "ci", "state": state}));
    let expires_at = DateTime::parse_from_rfc3339("2999-01-01T00:00:00Z").unwrap().to_utc();
    let creation = CreateRequest {
        attributes,
        marker: Some("g1".to_owned()),
        expires_at: Some(expires_at),
        ..CreateRequest::default()
    };
    let (id, secret_key) = (given.text("/AccessKey/AccessKeyId"), given.text("/AccessKey/SecretKey"));
    match account.create(&creation).await {
        Ok(issued) => {
            let secret = exposed(&issued.parts, "secret_key");
            if given.step == 0 {
                prop_assert!(given.succeeded());
                // What is not text is kept as its JSON text.
                let told = given.json.pointer("/AccessKey/SecretKey").cloned().unwrap_or_default();
                prop_assert_eq!(told.as_str().map_or_else(|| told.to_string(), str::to_owned), secret);
                let expected = id.map(|id| format!("{ACCOUNT}/example-user/{id}"));
                prop_assert_eq!(expected, Some(issued.credential.id.clone()));
            } else {
                prop_assert_eq!(&secret, SECRET);
                let disabled = tells_of_the_key(given) && given.text("/AccessKey/State") == Some("INACTIVE");
                prop_assert_eq!(disabled, !issued.credential.enabled);
                prop_assert!(disabled || !issued.warnings.is_empty());
            }
            untold(SECRET, &format!("{issued:?}"))?;
            Ok(if issued.warnings.is_empty() { "made" } else { "made with a warning" }.to_owned())
        }
        Err(error) => {
            prop_assert_eq!(given.step, 0, "what was minted is never lost to what came after");
            let kind = kind_of(&error)?;
            let minted = given.succeeded() && id.is_some() && secret_key.is_some();
            prop_assert!(!minted, "a secret was lost: {error}");
            prop_assert!(!given.succeeded() || kind == "in-doubt", "{error:?}");
            untold(SECRET, &format!("{error} {error:?}"))?;
            Ok(kind)
        }
    }
}

#[test]
fn a_creation_whose_answer_is_mutated_loses_no_secret() {
    let expected = ["made", "in-doubt", "quota", "invalid", "unauthenticated", "rate-limited", "forbidden"];
    mutations().run(&[created()], &expected, async |account, given| create(account, given, "ACTIVE").await);
}

#[test]
fn a_creation_of_an_inactive_key_whose_answers_are_mutated_loses_no_secret() {
    let right = [created(), updated("INACTIVE")];
    let expected = ["made", "made with a warning", "in-doubt"];
    mutations().run(&right, &expected, async |account, given| create(account, given, "INACTIVE").await);
}

#[test]
fn a_key_is_absent_only_when_the_vendor_says_so() {
    let expected = ["found", "none", "unavailable", "unauthenticated", "unexpected-response", "vendor"];
    proven().run(&[list("ACTIVE")], &expected, async |account, given| match account.get(ID).await {
        Ok(None) => {
            prop_assert!(proves_absence(given));
            Ok("none".to_owned())
        }
        Ok(Some(found)) => {
            prop_assert!(shows_the_key(given) && found.id == ID);
            Ok("found".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

/// Another account's administrator would be told the same of the key.
#[test]
fn a_key_is_absent_only_to_its_own_account() {
    let right = [context(json!({"AccessKeys": []})), accounts(), no_users()];
    let expected = ["none", "forbidden", "invalid", "unavailable", "unexpected-response"];
    mutations().run(&right, &expected, async |account, given| match account.get(ID).await {
        Ok(None) => {
            prop_assert!(given.step != 0 || proves_absence(given));
            prop_assert!(given.step != 1 || tells_the_account(given));
            Ok("none".to_owned())
        }
        Ok(Some(found)) => Err(TestCaseError::fail(format!("{found:?}"))),
        Err(error) => kind_of(&error),
    });
}

#[test]
fn a_list_holds_as_many_keys_as_the_vendor_told() {
    let of_user = Filter { attributes: object(json!({"user_name": "example-user"})), ..Filter::default() };
    mutations().run(&[list("ACTIVE")], &["listed", "unexpected-response", "invalid"], async |account, given| {
        match account.list(&of_user, None).await {
            Ok(page) => {
                prop_assert!(given.succeeded() && page.next.is_none());
                let listed = page.credentials.len() + page.unreadable.len();
                prop_assert_eq!(Some(listed), given.json["AccessKeys"].as_array().map(Vec::len));
                Ok("listed".to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}

#[test]
fn a_page_of_users_keys_holds_those_that_the_vendor_told() {
    let users = context(json!({"Users": [{"UserName": "example-user"}], "HasMoreItems": false}));
    mutations().run(&[users, list("ACTIVE")], &["listed", "forbidden", "unavailable"], async |account, given| {
        match account.list(&Filter::default(), Some("0:123456789012")).await {
            Ok(page) => {
                let gone = given.step == 1 && code(given) == Some(5075);
                prop_assert!(given.succeeded() || gone);
                if given.step == 1 && !gone {
                    let listed = page.credentials.len() + page.unreadable.len();
                    prop_assert_eq!(Some(listed), given.json["AccessKeys"].as_array().map(Vec::len));
                }
                Ok("listed".to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}

#[test]
fn a_change_happened_only_when_the_vendor_tells_of_the_key() {
    let right = [list("ACTIVE"), updated("ACTIVE"), list("ACTIVE")];
    let expected = ["changed", "in-doubt", "unavailable", "not-found", "forbidden"];
    proven().run(&right, &expected, async |account, given| {
        let attributes = object(json!({"tag": "new"}));
        let change = UpdateRequest {
            attributes,
            marker: Some("g1".to_owned()),
            expiry: ExpiryChange::Keep,
            ..UpdateRequest::default()
        };
        match account.update(ID, &change).await {
            Ok(updated) => {
                prop_assert!(updated.credential.id == ID);
                prop_assert!(given.step != 0 || shows_the_key(given));
                prop_assert!(given.step != 1 || tells_of_the_key(given));
                Ok("changed".to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}

#[test]
fn a_key_is_disabled_only_when_the_vendor_says_so() {
    let right = [list("ACTIVE"), updated("INACTIVE"), list("ACTIVE")];
    let expected = ["disabled", "in-doubt", "unavailable", "not-found", "forbidden"];
    proven().run(&right, &expected, async |account, given| match account.set_enabled(ID, false).await {
        Ok(credential) => {
            prop_assert!(!credential.enabled && credential.id == ID);
            prop_assert!(given.step != 0 || shows_the_key(given));
            let told = tells_of_the_key(given) && given.text("/AccessKey/State") == Some("INACTIVE");
            prop_assert!(given.step != 1 || told);
            Ok("disabled".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

#[test]
fn a_verdict_rests_on_the_vendors_own_words() {
    let expected = ["active", "refused", "inconclusive", "unavailable", "rate-limited"];
    mutations().run(&[list("ACTIVE")], &expected, async |account, given| {
        let parts = Parts::from_iter([("access_key", KEY), ("secret_key", SECRET)]);
        match account.verify(ID, &parts).await {
            Ok(verdict) => {
                let code = code(given);
                match verdict.outcome {
                    Outcome::Active => {
                        let empty = given.json["AccessKeys"].as_array().is_some_and(Vec::is_empty);
                        let accepted = shows_the_key(given) || (given.succeeded() && empty);
                        prop_assert!(accepted || matches!(code, Some(4 | 5 | 7)) || given.status == 403);
                    }
                    Outcome::Refused => prop_assert!(matches!(code, Some(1 | 4000 | 4120))),
                    _ => prop_assert!(matches!(code, Some(11 | 14)) || given.status == 401),
                }
                Ok(format!("{:?}", verdict.outcome).to_lowercase())
            }
            Err(error) => kind_of(&error),
        }
    });
}

#[test]
fn an_eim_users_key_is_ended_only_when_the_vendor_says_so() {
    let deleted = context(json!({}));
    let right = [list("ACTIVE"), updated("INACTIVE"), deleted, list("INACTIVE")];
    let expected = ["ended", "in-doubt", "unavailable", "forbidden", "rate-limited"];
    proven().run(&right, &expected, async |account, given| match account.revoke(ID).await {
        Ok(()) => {
            match given.step {
                0 => prop_assert!(proves_absence(given) || shows_the_key(given)),
                // The read that follows a refused update says that it is gone only when it does not show it.
                1 => prop_assert!(tells_of_the_key(given)),
                2 => prop_assert!(given.succeeded() && given.json["ResponseContext"].is_object()),
                _ => {}
            }
            Ok("ended".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

#[test]
fn a_key_of_ones_own_is_ended_only_when_the_vendor_says_so() {
    let right = [context(json!({})), list("INACTIVE")];
    let expected = ["ended", "in-doubt", "forbidden", "vendor", "rate-limited"];
    proven().run(&right, &expected, async |account, given| match account.revoke(OWN_ID).await {
        Ok(()) => {
            let confirmed = given.succeeded() && given.json["ResponseContext"].is_object();
            prop_assert!(given.step != 0 || confirmed);
            Ok("ended".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

#[test]
fn what_one_may_do_rests_on_the_vendors_own_words() {
    let mut own = key("ACTIVE");
    own["AccessKeyId"] = json!(ADMINISTRATOR);
    let right = [context(json!({"AccessKeys": [own]})), accounts()];
    let expected = ["allowed", "refused", "unauthenticated", "unavailable"];
    mutations().run(&right, &expected, async |account, given| match account.check().await {
        Ok(principal) if principal.allowed.is_empty() => {
            prop_assert!(given.step == 0 && (matches!(code(given), Some(4 | 5 | 7)) || given.status == 403));
            Ok("refused".to_owned())
        }
        Ok(principal) => {
            let proven = principal.credential_id.is_some() && principal.owner.is_some();
            prop_assert!(given.step != 1 || proven == tells_the_account(given));
            prop_assert!(given.step != 0 || (given.succeeded() && given.json["AccessKeys"].is_array()));
            Ok("allowed".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

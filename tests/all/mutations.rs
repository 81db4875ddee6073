//! Answers that are not what they should be: no adapter breaks down over one, and none pretends.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use keywright_runtime::{Account, CallError, Change, Creation, Filter, Outcome, Parts};
use keywright_tests::{Bench, Reply, ScriptedVendor, engine, exposed, object};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

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

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operation {
    Check,
    Create,
    Get,
    List,
    Update,
    Verify,
    Revoke,
}

impl Operation {
    /// The right answer: its status and its body.
    fn answer(self) -> (u16, Option<Value>) {
        match self {
            Self::Create => (200, Some(key(json!(SECRET)))),
            Self::Get | Self::Update | Self::Verify => (200, Some(key(Value::Null))),
            Self::Check | Self::List => {
                (200, Some(json!({"api_keys": [key(Value::Null), key(Value::Null)], "total_count": 2})))
            }
            Self::Revoke => (204, None),
        }
    }
}

/// The kinds of errors that the vendor knows, with their usual status, and one that it does not.
const ERRORS: [(&str, u16); 13] = [
    ("invalid_arguments", 400),
    ("denied_authentication", 401),
    ("permissions_denied", 403),
    ("quotas_exceeded", 403),
    ("not_found", 404),
    ("not_found", 404),
    ("not_found", 404),
    ("already_exists", 409),
    ("transient_state", 409),
    ("resource_expired", 410),
    ("precondition_failed", 412),
    ("locked", 423),
    ("of_a_later_version", 418),
];

/// What is done to an answer.
#[derive(Clone, Debug)]
enum Mutation {
    Truncate(prop::sample::Index),
    Drop(prop::sample::Index),
    Replace(prop::sample::Index, Value),
    Whole(Value),
    Error((&'static str, u16), Value),
    Bytes(Vec<u8>),
    Empty,
    None,
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("2026-13-45T99:99:99Z")),
        Just(json!("9999999999-01-01T00:00:00Z")),
        Just(json!("-262144-01-01T00:00:00+23:59")),
        Just(json!("denied_authentication")),
        Just(json!("not_found")),
        Just(json!(ID)),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,10}", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn any_mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        2 => any::<prop::sample::Index>().prop_map(Mutation::Truncate),
        3 => any::<prop::sample::Index>().prop_map(Mutation::Drop),
        5 => (any::<prop::sample::Index>(), any_json()).prop_map(|(at, value)| Mutation::Replace(at, value)),
        2 => any_json().prop_map(Mutation::Whole),
        4 => (prop::sample::select(ERRORS.to_vec()), any_json())
            .prop_map(|(kind, details)| Mutation::Error(kind, details)),
        1 => prop::collection::vec(any::<u8>(), 0..200).prop_map(Mutation::Bytes),
        1 => Just(Mutation::Empty),
        1 => Just(Mutation::None),
    ]
}

fn any_status() -> impl Strategy<Value = Option<u16>> {
    // The usual one, one that is known to mean something, or any.
    let named =
        prop::sample::select(vec![201, 202, 301, 304, 400, 401, 403, 404, 409, 410, 412, 418, 423, 429, 500, 503]);
    prop_oneof![3 => Just(None), 3 => named.prop_map(Some), 1 => (200_u16..600).prop_map(Some)]
}

fn any_operation() -> impl Strategy<Value = Operation> {
    use Operation::{Check, Create, Get, List, Revoke, Update, Verify};
    prop::sample::select(vec![Check, Create, Create, Create, Get, List, Update, Verify, Revoke])
}

/// The places in a JSON value where something can be taken out or put in.
fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                found.push(format!("{here}/{name}"));
                pointers(value, &format!("{here}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                found.push(format!("{here}/{index}"));
                pointers(value, &format!("{here}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn mutated(body: Option<Value>, mutation: &Mutation) -> Vec<u8> {
    if let Mutation::Error((kind, _), details) = mutation {
        let error = json!({"type": kind, "message": details, "help_message": "help", "details": [details, {}]});
        return error.to_string().into_bytes();
    }
    let Some(mut body) = body else {
        return match mutation {
            Mutation::Whole(value) => value.to_string().into_bytes(),
            Mutation::Bytes(bytes) => bytes.clone(),
            _ => Vec::new(),
        };
    };
    let mut places = Vec::new();
    pointers(&body, "", &mut places);
    match mutation {
        Mutation::Truncate(at) => {
            let text = body.to_string().into_bytes();
            let length = at.index(text.len());
            text[..length].to_vec()
        }
        Mutation::Drop(at) => {
            let place = at.get(&places);
            let (parent, name) = place.rsplit_once('/').expect("a pointer");
            match body.pointer_mut(parent) {
                Some(Value::Object(fields)) => drop(fields.remove(name)),
                Some(Value::Array(items)) => drop(items.remove(name.parse().expect("an index"))),
                _ => {}
            }
            body.to_string().into_bytes()
        }
        Mutation::Replace(at, value) => {
            *body.pointer_mut(at.get::<String>(&places)).expect("a place") = value.clone();
            body.to_string().into_bytes()
        }
        Mutation::Whole(value) => value.to_string().into_bytes(),
        Mutation::Bytes(bytes) => bytes.clone(),
        Mutation::Empty | Mutation::Error(..) => Vec::new(),
        Mutation::None => body.to_string().into_bytes(),
    }
}

/// The answer that a call is to make something of.
struct Given {
    status: u16,
    body: Vec<u8>,
    json: Value,
}

impl Given {
    fn succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }

    fn says_not_found(&self) -> bool {
        self.status == 404 && self.json["type"] == "not_found"
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.json[field].as_str().filter(|text| !text.is_empty())
    }
}

/// What a call that fails may fail with: the vendor's answer, told apart. All else would be the adapter's own fault.
fn kind_of(error: &CallError) -> Result<String, TestCaseError> {
    prop_assert!(matches!(error, CallError::Failed(_)), "{error:?}");
    Ok(error.kind().to_owned())
}

async fn create(account: &Account, given: &Given) -> Result<String, TestCaseError> {
    let attributes = object(json!({"application_id": APPLICATION, "description": "ci"}));
    let creation = Creation { attributes, marker: Some("g1".to_owned()), expires_at: None };
    match account.create(&creation).await {
        Ok(issued) => {
            let secret = exposed(&issued.parts, "secret_key");
            prop_assert!(given.succeeded());
            prop_assert_eq!(given.text("secret_key"), Some(secret.as_str()));
            prop_assert_eq!(given.text("access_key"), Some(issued.credential.id.as_str()));
            let told = format!("{issued:?}");
            prop_assert!(secret != SECRET || !told.contains(SECRET), "{}", told);
            Ok("made".to_owned())
        }
        Err(error) => {
            let kind = kind_of(&error)?;
            // What was minted is never lost to a change elsewhere in the answer.
            let minted = given.succeeded() && given.text("access_key").is_some() && given.text("secret_key").is_some();
            prop_assert!(!minted, "a secret was lost: {error}");
            prop_assert!(!given.succeeded() || kind == "in-doubt", "{error:?}");
            let told = format!("{error} {error:?}");
            prop_assert!(!told.contains(SECRET), "{}", told);
            Ok(kind)
        }
    }
}

async fn verify(account: &Account, given: &Given) -> Result<String, TestCaseError> {
    match account.verify(ID, &Parts::from_iter([("secret_key", SECRET)])).await {
        Ok(verdict) => {
            let kind = given.text("type");
            match verdict.outcome {
                Outcome::Live => {
                    let shown = given.succeeded() && given.text("access_key") == Some(ID);
                    prop_assert!(shown || (given.status == 403 && kind == Some("permissions_denied")));
                }
                Outcome::Refused => prop_assert!(given.status == 401 || kind == Some("denied_authentication")),
                _ => prop_assert!(given.says_not_found()),
            }
            Ok(format!("{:?}", verdict.outcome).to_lowercase())
        }
        Err(error) => kind_of(&error),
    }
}

/// Makes the call and judges what came of it. Gives that a name, so that what never happens is noticed.
async fn judge(account: &Account, operation: Operation, given: &Given) -> Result<String, TestCaseError> {
    match operation {
        Operation::Create => create(account, given).await,
        Operation::Verify => verify(account, given).await,
        Operation::Get => match account.get(ID).await {
            Ok(None) => {
                prop_assert!(given.says_not_found());
                Ok("none".to_owned())
            }
            Ok(Some(found)) => {
                prop_assert!(given.succeeded() && found.id == ID && given.text("access_key") == Some(ID));
                Ok("found".to_owned())
            }
            Err(error) => kind_of(&error),
        },
        Operation::List => match account.list(&Filter::default(), None).await {
            Ok(page) => {
                prop_assert!(given.succeeded());
                prop_assert_eq!(Some(page.credentials.len()), given.json["api_keys"].as_array().map(Vec::len));
                Ok("listed".to_owned())
            }
            Err(error) => kind_of(&error),
        },
        Operation::Update => {
            let attributes = object(json!({"description": "new"}));
            let change = Change { attributes, marker: Some("g1".to_owned()), ..Change::default() };
            match account.update(ID, &change).await {
                Ok(updated) => {
                    prop_assert!(given.succeeded() && updated.credential.id == ID);
                    Ok("changed".to_owned())
                }
                Err(error) => kind_of(&error),
            }
        }
        Operation::Revoke => match account.revoke(ID).await {
            Ok(()) => {
                prop_assert!((given.succeeded() && given.body.is_empty()) || given.says_not_found());
                Ok("ended".to_owned())
            }
            Err(error) => kind_of(&error),
        },
        Operation::Check => match account.check().await {
            Ok(principal) if principal.allowed.is_empty() => {
                prop_assert_eq!(given.status, 403);
                Ok("refused".to_owned())
            }
            Ok(_) => {
                prop_assert!(given.succeeded() && given.json["api_keys"].is_array());
                Ok("allowed".to_owned())
            }
            Err(error) => kind_of(&error),
        },
    }
}

#[test]
fn no_answer_breaks_the_adapter_or_makes_it_pretend() {
    let runtime = Runtime::new().unwrap();
    let reply: Arc<Mutex<Reply>> = Arc::new(Mutex::new(Reply::empty(200)));
    let script = reply.clone();
    let (_vendor, account) = runtime.block_on(async {
        let vendor = ScriptedVendor::start(move |_| script.lock().unwrap().clone()).await;
        let adapter = Bench::built_in().load(engine()).await.unwrap();
        let settings = object(json!({"organization_id": "105bdce1-64c0-48ab-899d-868455867ecf"}));
        let account = vendor.account(&adapter, settings, Parts::from_iter([("secret_key", "administrator")]));
        (vendor, account)
    });
    let config =
        Config { cases: 2_000, rng_seed: RngSeed::Fixed(2026), failure_persistence: None, ..Config::default() };
    let happened = RefCell::new(BTreeSet::new());
    let cases = (any_operation(), any_mutation(), any_status());
    let outcome = TestRunner::new(config).run(&cases, |(operation, mutation, status)| {
        let (usual, body) = operation.answer();
        let usual = if let Mutation::Error((_, status), _) = mutation { status } else { usual };
        let status = status.unwrap_or(usual);
        let body = mutated(body, &mutation);
        *reply.lock().unwrap() = Reply { status, content_type: "application/json", body: body.clone() };
        // A 204 and a 304 have no body, whatever is put in.
        let body = if matches!(status, 204 | 304) { Vec::new() } else { body };
        let given = Given { status, json: serde_json::from_slice(&body).unwrap_or_default(), body };
        let outcome = runtime.block_on(judge(&account, operation, &given))?;
        happened.borrow_mut().insert(format!("{operation:?} {outcome}").to_lowercase());
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let happened = happened.into_inner();
    for expected in [
        "create made",
        "create in-doubt",
        "create quota",
        "create invalid",
        "get found",
        "get none",
        "get unavailable",
        "list listed",
        "update changed",
        "update in-doubt",
        "verify live",
        "verify refused",
        "revoke ended",
        "revoke in-doubt",
        "check allowed",
    ] {
        assert!(happened.contains(expected), "no case came to {expected}: {happened:?}");
    }
}

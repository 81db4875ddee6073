//! Keys of an account, as Twilio has them: forms, dates of e-mails, the URL of the next page, and two credentials that are
//! not alike.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use keywright_egress::DenialReason;
use keywright_runtime::{CallError, CreateRequest, Date, Filter};
use keywright_tests::{Arrived, Reply, ScriptedVendor};
use serde_json::{Value, json};

use super::stage::{Stage, creation, denial, secret};

pub(super) const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
pub(super) const CREDENTIAL: &[(&str, &str)] = &[("account_sid", ACCOUNT), ("auth_token", "the-auth-token")];

const GRANT: &str = "
    create POST   https://api.vendor.example/2010-04-01/Accounts/{settings.account_sid}/Keys.json? mints secret=/secret
    list   GET    https://api.vendor.example/2010-04-01/Accounts/{settings.account_sid}/Keys.json?PageSize,Page,PageToken
    get    GET    https://api.vendor.example/2010-04-01/Accounts/{settings.account_sid}/Keys/{sid}.json?
    revoke DELETE https://api.vendor.example/2010-04-01/Accounts/{settings.account_sid}/Keys/{sid}.json?
    verify GET    https://api.vendor.example/2010-04-01/Accounts/{settings.account_sid}.json? as key
";

pub(super) fn settings() -> Value {
    json!({"account_sid": ACCOUNT})
}

#[derive(Clone)]
struct Key {
    sid: String,
    name: String,
    secret: String,
}

impl Key {
    fn shown(&self) -> Value {
        // One of them was made at a time that cannot be read.
        let made = if self.name == "odd" { "yesterday" } else { "Mon, 13 Jun 2016 22:50:08 +0000" };
        json!({"sid": self.sid, "friendly_name": self.name, "date_created": made})
    }
}

fn basic(request: &Arrived) -> Option<(String, String)> {
    let encoded = request.header("authorization").strip_prefix("Basic ")?;
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    decoded.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
}

/// Two keys on a page; the next one is at a URL that the answer gives.
fn page(request: &Arrived, keys: &[Key]) -> Reply {
    let query = request.query.as_deref().unwrap_or_default();
    let number = query.split('&').find_map(|pair| pair.strip_prefix("Page=")).and_then(|number| number.parse().ok());
    let number: usize = number.unwrap_or_default();
    let shown: Vec<Value> = keys.iter().skip(2 * number).take(2).map(Key::shown).collect();
    let more = keys.len() > 2 * (number + 1);
    let next = format!("{}?PageSize=2&Page={}&PageToken=PA{}", request.path, number + 1, number + 1);
    Reply::json(200, &json!({"keys": shown, "next_page_uri": if more { json!(next) } else { Value::Null }}))
}

pub(super) async fn vendor() -> ScriptedVendor {
    let keys: Arc<Mutex<Vec<Key>>> = Arc::default();
    ScriptedVendor::start(move |request| {
        let mut keys = keys.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((user, password)) = basic(request) else { return Reply::empty(401) };
        let root = format!("/2010-04-01/Accounts/{ACCOUNT}");
        let is_key = keys.iter().any(|key| key.sid == user && key.secret == password);
        let path = request.path.strip_prefix(&root).unwrap_or_default();
        if is_key && path == ".json" {
            return Reply::json(200, &json!({"sid": ACCOUNT}));
        }
        if (user.as_str(), password.as_str()) != (ACCOUNT, "the-auth-token") {
            return Reply::json(401, &json!({"code": 20003, "message": "Authenticate"}));
        }
        let sid = path.strip_prefix("/Keys/").and_then(|sid| sid.strip_suffix(".json")).unwrap_or_default();
        match (request.method.as_str(), keys.iter().position(|key| key.sid == sid)) {
            ("POST", None) if path == "/Keys.json" => {
                assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
                let form = std::str::from_utf8(&request.body).expect("a form");
                let name = form.strip_prefix("FriendlyName=").expect("a name");
                let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned();
                let number = keys.len() + 1;
                let key =
                    Key { sid: format!("SK{number:032x}"), name, secret: format!("a-secret-of-key-{number:020}") };
                let mut shown = key.shown();
                shown["secret"] = json!(key.secret);
                keys.push(key);
                Reply::json(201, &shown)
            }
            ("GET", None) if path == "/Keys.json" => page(request, &keys),
            ("GET", Some(index)) => Reply::json(200, &keys[index].shown()),
            ("DELETE", Some(index)) => {
                keys.remove(index);
                Reply::empty(204)
            }
            _ => Reply::json(404, &json!({"code": 20404, "message": "not found"})),
        }
    })
    .await
}

async fn stage() -> Stage {
    Stage::set(vendor().await, "account_keys", GRANT, settings(), CREDENTIAL).await
}

async fn hostile() -> Stage {
    Stage::hostile(vendor().await, "account_keys", GRANT, settings(), CREDENTIAL).await
}

#[tokio::test]
async fn a_key_lives_its_whole_life() {
    let stage = stage().await;
    let request = CreateRequest { marker: Some("kw-1".to_owned()), ..creation(json!({"friendly_name": "ci & co"})) };
    let issued = stage.account.create(&request).await.unwrap();
    assert_eq!(issued.credential.id, format!("SK{:032x}", 1));
    assert_eq!(issued.credential.attributes["friendly_name"], "ci & co");
    assert_eq!(issued.credential.marker.as_deref(), Some("kw-1"));
    let made = DateTime::parse_from_rfc3339("2016-06-13T22:50:08Z").unwrap();
    assert_eq!(issued.credential.created_at, Date::At(made.to_utc()));
    assert_eq!(secret(&issued), format!("a-secret-of-key-{:020}", 1));
    stage.lives_and_ends(&issued).await;
}

#[tokio::test]
async fn pages_follow_the_url_of_the_next() {
    let stage = stage().await;
    for name in ["a", "b", "odd", "d", "e"] {
        stage.create(json!({"friendly_name": name})).await.unwrap();
    }
    stage.vendor.forget();
    let keys = stage.account.list_all(&Filter::default()).await.unwrap();
    let names: Vec<&str> = keys.iter().filter_map(|key| key.attributes["friendly_name"].as_str()).collect();
    assert_eq!(names, ["a", "b", "odd", "d", "e"]);
    // What cannot be read is not "never".
    assert_eq!(keys[2].created_at, Date::Unreadable("yesterday".to_owned()));
    let queries: Vec<_> = stage.vendor.arrived().into_iter().filter_map(|request| request.query).collect();
    assert_eq!(queries, ["PageSize=2", "PageSize=2&Page=1&PageToken=PA1", "PageSize=2&Page=2&PageToken=PA2"]);
}

#[tokio::test]
async fn a_second_key_is_not_made() {
    let stage = hostile().await;
    let issued = stage.attack("second key").await.unwrap();
    assert!(issued.warnings[0].message.contains("one call may send it once"), "{:?}", issued.warnings);
    assert_eq!(stage.vendor.lines(), [format!("POST /2010-04-01/Accounts/{ACCOUNT}/Keys.json")]);
    let keys = stage.account.list_all(&Filter::default()).await.unwrap();
    assert_eq!(keys.iter().map(|key| &key.id).collect::<Vec<_>>(), [&issued.credential.id]);
    assert_eq!(secret(&issued), format!("a-secret-of-key-{:020}", 1));
}

#[tokio::test]
async fn the_handle_is_not_made_a_name() {
    let stage = hostile().await;
    let issued = stage.attack("handle in a name").await.unwrap();
    assert!(issued.warnings[0].message.contains("no rule allows it"), "{:?}", issued.warnings);
    assert_eq!(stage.vendor.lines().len(), 1);
}

#[tokio::test]
async fn a_list_is_asked_for_nothing_else() {
    let stage = hostile().await;
    stage.list_is_denied("attack", DenialReason::QueryKey).await;
}

/// A key that does not work any more is said to work, by the administrator's word.
#[tokio::test]
async fn the_administrator_does_not_vouch_for_a_key() {
    let stage = hostile().await;
    let issued = stage.attack("none").await.unwrap();
    stage.vendor.forget();
    let denial = denial(stage.account.verify(&issued.credential.id, &issued.parts).await);
    assert_eq!((denial.operation.as_str(), denial.reason), ("verify", DenialReason::NoRule));
    assert_eq!(stage.vendor.lines(), [""; 0]);
}

#[tokio::test]
async fn the_two_credentials_are_not_taken_for_each_other() {
    let stage = stage().await;
    let issued = stage.create(json!({})).await.unwrap();
    let administrators = keywright_runtime::Parts::from_iter(CREDENTIAL.iter().copied());
    let error = stage.account.verify(&issued.credential.id, &administrators).await.unwrap_err();
    assert!(matches!(error, CallError::Credential(_)), "{error:?}");
}

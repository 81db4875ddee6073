//! Passwords that the host makes, and puts into a form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keywright_adapters::BuiltIn;
use keywright_egress::DenialReason;
use keywright_tests::{Arrived, Reply, ScriptedVendor, exposed};
use serde_json::{Value, json};

use super::keys::{ADMINISTRATOR, CREDENTIAL, Caller, Keys};
use super::stage::{Stage, unveiled};
use crate::frozen;

const GRANT: &str = "
    create POST   https://api.vendor.example/users? sends password=form:password mints
    get    GET    https://api.vendor.example/users/{user}? hides /password
    get    GET    https://api.vendor.example/keys/{id}?
    list   GET    https://api.vendor.example/keys?
    verify GET    https://api.vendor.example/self? as user
    revoke DELETE https://api.vendor.example/keys/{id}?
";

fn caller(keys: &Keys, request: &Arrived) -> Caller {
    if request.header("x-token") == ADMINISTRATOR {
        return Caller::Administrator;
    }
    let proven = || {
        let decoded = STANDARD.decode(request.header("authorization").strip_prefix("Basic ")?).ok()?;
        let decoded = String::from_utf8(decoded).ok()?;
        let (user, password) = decoded.split_once(':')?;
        (keys.known_by(user)? == password).then(|| user.to_owned())
    };
    proven().map_or(Caller::Nobody, Caller::Key)
}

/// The fields of a request as a reader finds them who takes everything: query, form or JSON, capitals or not, lists or
/// not, and of two the last.
fn lenient(request: &Arrived, name: &str) -> Option<String> {
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let body = String::from_utf8_lossy(&request.body).into_owned();
    if let Ok(Value::Object(members)) = serde_json::from_str(&body) {
        return members.get(name)?.as_str().map(str::to_owned);
    }
    let pairs = [request.query.clone().unwrap_or_default(), body].join("&");
    let named = |key: &str| decode(key).trim_end_matches("[]").eq_ignore_ascii_case(name);
    let mut values = pairs.split('&').filter_map(|pair| pair.split_once('=')).filter(|(key, _)| named(key));
    values.next_back().map(|(_, value)| decode(value))
}

async fn vendor(keys: &Keys) -> ScriptedVendor {
    let keys = keys.clone();
    ScriptedVendor::start(move |request| {
        let caller = caller(&keys, request);
        let user = request.path.strip_prefix("/users/");
        match (&caller, request.method.as_str(), user) {
            (Caller::Administrator, "POST", None) if request.path == "/users" => {
                let user = lenient(request, "user").unwrap_or_default();
                // Who sends none gets one that everybody knows.
                let password = lenient(request, "password").unwrap_or_else(|| "changeme".to_owned());
                keys.keep(&user, &password);
                Reply::json(201, &json!({"user": user, "password": password})).header("x-password", password)
            }
            (Caller::Administrator, "GET", Some(user)) => match keys.known_by(user) {
                Some(password) => Reply::json(200, &json!({"user": user, "password": password})),
                None => Reply::empty(404),
            },
            _ => keys.answer(request, &caller),
        }
    })
    .await
}

async fn hostile(keys: &Keys) -> Stage {
    Stage::hostile(vendor(keys).await, "chosen_password", GRANT, json!({}), CREDENTIAL).await
}

/// What is documented of the password: its length, and at least one of each kind of character.
fn is_documented(password: &str) -> bool {
    let has = |is: fn(char) -> bool| password.contains(is);
    password.len() == 40
        && has(|character| character.is_ascii_lowercase())
        && has(|character| character.is_ascii_uppercase())
        && has(|character| character.is_ascii_digit())
        && has(|character| "+&=%-".contains(character))
}

#[tokio::test]
async fn a_user_lives_its_whole_life() {
    let keys = Keys::default();
    let stage = Stage::set(vendor(&keys).await, "chosen_password", GRANT, json!({}), CREDENTIAL).await;
    let issued = stage.create(json!({"user": "jo"})).await.unwrap();
    let password = exposed(&issued.parts, "password");
    assert!(is_documented(&password), "its form");
    assert_eq!(keys.known_by("jo"), Some(password));
    stage.lives_and_ends(&issued).await;
}

/// What was compiled against version 0.2.0 of the contract is run by every later host.
#[tokio::test]
async fn a_user_lives_its_whole_life_through_an_adapter_of_the_first_contract() {
    let keys = Keys::default();
    let BuiltIn { component, rules, .. } = frozen::CHOSEN_PASSWORD;
    let stage = Stage::of(vendor(&keys).await, component, rules, json!({}), CREDENTIAL).await;
    let issued = stage.create(json!({"user": "jo"})).await.unwrap();
    let password = exposed(&issued.parts, "password");
    assert!(is_documented(&password), "its form");
    assert_eq!(keys.known_by("jo"), Some(password));
    stage.lives_and_ends(&issued).await;
}

#[tokio::test]
async fn each_password_is_another() {
    let keys = Keys::default();
    let stage = Stage::set(vendor(&keys).await, "chosen_password", GRANT, json!({}), CREDENTIAL).await;
    let one = stage.create(json!({"user": "jo"})).await.unwrap();
    let other = stage.create(json!({"user": "kim"})).await.unwrap();
    assert_ne!(exposed(&one.parts, "password"), exposed(&other.parts, "password"));
}

/// In another call the host does not know the password; the rule says where it stands.
#[tokio::test]
async fn a_password_that_is_shown_later_is_hidden() {
    let stage = Stage::set(vendor(&Keys::default()).await, "chosen_password", GRANT, json!({}), CREDENTIAL).await;
    let issued = stage.create(json!({"user": "jo"})).await.unwrap();
    let shown = stage.account.get("jo").await.unwrap().unwrap();
    let seen = unveiled(&shown);
    assert!(seen.contains(r#""password":"secret-"#) && !seen.contains(&exposed(&issued.parts, "password")), "{seen}");
}

#[tokio::test]
async fn the_twin_does_not_see_the_password() {
    let stage = hostile(&Keys::default()).await;
    let (issued, seen) = stage.sees("repeated password").await;
    assert!(seen.contains("x-password: [redacted]") && seen.contains(r#""password":"[redacted]""#), "{seen}");
    assert!(!seen.contains(&exposed(&issued.parts, "password")), "{seen}");
}

/// In the place of the host's, or in the query: the request is not sent.
#[tokio::test]
async fn the_twin_chooses_no_password() {
    let keys = Keys::default();
    let stage = hostile(&keys).await;
    stage.breaks_the_contract("own password", "did not put the handle that it was given").await;
    stage.breaks_the_contract("handle of nothing", "did not put the handle that it was given").await;
    stage.breaks_the_contract("encoded name", "did not put the handle that it was given").await;
    stage.create_is_denied("in the query", DenialReason::QueryKey).await;
    assert_eq!(keys.made(), 0);
}

/// However the twin writes it, to a vendor that takes whatever it finds.
#[tokio::test]
async fn the_vendor_gets_no_password_but_the_hosts() {
    for attack in [
        "own password",
        "no password",
        "behind the host's",
        "before the host's",
        "other spelling",
        "list of passwords",
        "encoded name",
        "in the query",
        "JSON",
        "JSON with the field in a text",
    ] {
        let keys = Keys::default();
        let stage = hostile(&keys).await;
        stage.gives_nothing_else(attack, &keys, |issued| exposed(&issued.parts, "password")).await;
    }
}

#[tokio::test]
async fn a_password_that_the_twin_hands_back_is_not_taken() {
    let keys = Keys::default();
    let stage = hostile(&keys).await;
    let issued = stage.attack("password handed back").await.unwrap();
    assert_eq!(keys.known_by("jo"), Some(exposed(&issued.parts, "password")));
}

#[tokio::test]
async fn elsewhere_the_handle_is_a_handle() {
    let keys = Keys::default();
    let stage = hostile(&keys).await;
    stage.attack("handle elsewhere").await.unwrap();
    let [user] = keys.ids().try_into().expect("one user");
    assert!(user.starts_with("secret-"), "{user}");
}

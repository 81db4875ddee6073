//! What a mutated answer of Imperva says, read as this test's own and not as the adapter reads it.

use keywright_tests::mutations::Given;
use serde_json::{Value, json};

use super::ID;

/// Whether a value is the number of the API client.
pub(super) fn is_id(value: &Value) -> bool {
    *value == json!(482913) || *value == json!("482913")
}

/// Whether a value could be the number of any.
pub(super) fn may_be_id(value: &Value) -> bool {
    let digits = value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|number| number.to_string()));
    digits.is_some_and(|text| {
        (1..=18).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The key in an answer about one API client.
pub(super) fn key(given: &Given) -> Option<String> {
    given.secret("/apiKey")
}

/// Whether the key is the number of the API client: then the host takes that number out of every text, and what the
/// adapter itself had put into a path is no secret.
pub(super) fn is_key_of_its_own(given: &Given) -> bool {
    [key(given), given.secret("/data/0/apiKey")].iter().flatten().any(|key| key == ID)
}

/// Whether a `res` says that all is well.
pub(super) fn is_zero(res: &Value) -> bool {
    res.as_f64() == Some(0.0) || *res == json!("0")
}

/// Whether the answer refuses in one of Imperva's forms.
pub(super) fn refuses(given: &Given) -> bool {
    let errors = given.json["errors"].as_array().is_some_and(|errors| !errors.is_empty());
    let res = &given.json["res"];
    errors || !(res.is_null() || is_zero(res)) || !given.json["error_code"].is_null()
}

pub(super) fn says_not_found(given: &Given) -> bool {
    let inner = given.json.pointer("/errors/0/status").is_some_and(|status| *status == json!(404) || *status == "404");
    let code = given.json["res"] == json!(2002) || given.json["res"] == "2002";
    (given.status == 404 && refuses(given)) || (given.succeeded() && (inner || code)) || (given.status < 500 && code)
}

/// The API clients of an answer that is a list, those that cannot be read among them.
pub(super) fn listed(given: &Given) -> Option<&Vec<Value>> {
    given.json["data"].as_array()
}

/// Whether this API client is among those of an answer that is a list.
pub(super) fn lists_the_client(given: &Given) -> bool {
    listed(given).is_some_and(|clients| clients.iter().any(|client| is_id(&client["id"])))
}

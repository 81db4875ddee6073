//! What the test adapters share: one vendor that makes, shows and ends keys, a look at everything that an adapter can see
//! of the credential it works with, and requests past the SDK's own manners.

pub mod raw;

use keywright_sdk::Operation::{Create, Get, Revoke};
use keywright_sdk::{Account, CreateRequest, Credential, Descriptor, Issued, Result, Rule, found};
use serde_json::{Map, Value, json};

/// Endpoint, id and rules: all but the authentication and its parts. What is minted is this part.
pub fn described(descriptor: Descriptor, secret: &'static str) -> Descriptor {
    descriptor
        .attributes(r#"{"type": "object"}"#)
        .endpoint("api", "https://api.vendor.example")
        .id("^[a-z0-9-]+$", &["ID"])
        .rule(Rule::post(&[Create], "api", "/v1/keys?note,empty").mints(secret, "/secret"))
        .rule(Rule::get(&[Get], "api", "/v1/keys/{id}"))
        .rule(Rule::delete(&[Revoke], "api", "/v1/keys/{id}"))
}

/// Makes a key of a public and a secret part; its attributes tell what the adapter could see of the parts that it works
/// with itself. The query and the body hold what is easily signed wrongly.
pub fn create(account: &Account, request: &CreateRequest, public: &str, secret: &str) -> Result<Issued> {
    let answer = account
        .post("api", &["v1", "keys"])?
        .query("note", "a b/c+d=é")
        .query("empty", "")
        .json(&request.attributes)
        .send()?
        .success()?;
    let key: Value = answer.json()?;
    let (Some(id), Some(minted)) = (key["id"].as_str(), key["secret"].as_str()) else {
        return Err(answer.unexpected("it has no id and secret"));
    };
    let seen: Map<String, Value> = [public, secret, "token", "access_token"]
        .into_iter()
        .filter_map(|part| account.part(part).map(|value| (part.to_owned(), value.into())))
        .collect();
    Ok(Issued::new(Credential::new(id, json!({"seen": seen}))).part(public, id).part(secret, minted))
}

/// Shows a key.
pub fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
    let answer = found(account.get("api", &["v1", "keys", id])?.send()?.success())?;
    Ok(answer.map(|_| Credential::new(id, json!({}))))
}

/// Ends a key.
pub fn revoke(account: &Account, id: &str) -> Result<()> {
    account.delete("api", &["v1", "keys", id])?.send()?.success().map(|_| ())
}

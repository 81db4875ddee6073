//! What the test adapters share: one vendor that makes, shows and ends keys, a look at everything that an adapter can see
//! of the credential it works with, and requests past the SDK's own manners.

pub mod raw;

use keywright_sdk::{Account, Creation, Credential, Descriptor, Issued, Method, Operation, Result};
use serde_json::{Map, Value, json};

/// Endpoint, id and rules: all but the authentication and its parts. What is minted is this part.
pub fn described(descriptor: Descriptor, secret: &'static str) -> Descriptor {
    descriptor
        .attributes(r#"{"type": "object"}"#)
        .endpoint("api", "https://api.vendor.example")
        .id("^[a-z0-9-]+$", &["ID"])
        .rule(&[Operation::Create], Method::Post, "api", "/v1/keys")
        .minting(secret, "/secret")
        .rule(&[Operation::Get], Method::Get, "api", "/v1/keys/{id}")
        .rule(&[Operation::Revoke], Method::Delete, "api", "/v1/keys/{id}")
}

/// Makes a key of a public and a secret part; its attributes tell what the adapter could see of the parts that it works
/// with itself. The query and the body hold what is easily signed wrongly.
pub fn create(account: &Account, request: &Creation, public: &str, secret: &str) -> Result<Issued> {
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
    let answer = account.get("api", &["v1", "keys", id])?.send()?;
    if answer.status() == 404 {
        return Ok(None);
    }
    answer.success()?;
    Ok(Some(Credential::new(id, json!({}))))
}

/// Ends a key.
pub fn revoke(account: &Account, id: &str) -> Result<()> {
    account.delete("api", &["v1", "keys", id])?.send()?.success().map(|_| ())
}

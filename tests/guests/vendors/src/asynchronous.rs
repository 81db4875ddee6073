//! A vendor that takes its time: it accepts a creation (202), and tells the key and its secret when asked what became of
//! it.

use keywright_sdk::Operation::Create;

use crate::*;

/// The vendor.
pub struct Asynchronous;

impl Vendor for Asynchronous {
    fn describe() -> Descriptor {
        let descriptor = administered_by_token(described("asynchronous", "Keys that take time", "key"))
            .rule(creation().mints("secret", "/key/secret"))
            .rule(Rule::get(&[Create], "api", "/operations/{operation}").secret("secret", "/key/secret"));
        issues_id_and_secret(descriptor)
    }

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        match &request.continuation {
            Some(operation) => became(&ask(account, operation)?),
            None => became(&account.post("api", &["keys"])?.json(&json!({})).send()?.success()?),
        }
    }
}

/// Asks what became of an operation.
pub fn ask(account: &Account, operation: &str) -> Result<Response> {
    account.get("api", &["operations", operation])?.send()?.success()
}

/// The key, if it is there; else the operation to ask for.
pub fn became(answer: &Response) -> Result<Issued> {
    let body: Value = answer.json()?;
    if answer.status() == 202 {
        let operation = member(answer, &body, "operation")?;
        return Err(Failure::pending(operation, answer.retry_after(), "the vendor makes the key"));
    }
    let key = Fields::of(&body).object("key");
    let (Some(id), Some(secret)) = (key.text("id"), key.text("secret")) else {
        return Err(answer.unexpected("it has no key"));
    };
    Ok(Issued::new(Credential::new(id, json!({}))).part("id", id).part("secret", secret))
}

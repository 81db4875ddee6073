//! Makes a second key while it is asked what became of the first; says that the first is not ready when it is; and tells
//! what it sees of the answer that has the secret.

use keywright_guest_vendors::asynchronous::{Asynchronous, ask, became};
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

impl Twin for Hostile {
    type Of = Asynchronous;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let Some(operation) = &request.continuation else { return Asynchronous::create(account, request) };
        match attack(request) {
            "second key" => became(&account.post("api", &["keys"])?.json(&json!({})).send()?.success()?),
            "second key, quietly" => {
                let _second = account.post("api", &["keys"])?.json(&json!({})).send();
                became(&ask(account, operation)?)
            }
            "pending for ever" => {
                ask(account, operation)?;
                Err(Failure::pending(operation.as_str(), None, "the vendor makes the key"))
            }
            "secret in the cursor" => {
                let body: Value = ask(account, operation)?.json()?;
                let secret = body["key"]["secret"].as_str().unwrap_or_default();
                Err(Failure::pending(secret, None, "the vendor makes the key"))
            }
            "another key" => became(&ask(account, "another")?),
            "secret" => {
                let answer = ask(account, operation)?;
                Ok(told(became(&answer)?, seen(&answer, &[])))
            }
            _ => Asynchronous::create(account, request),
        }
    }
}

export!(Hostile);

//! Tries to have the vendor take a public key of its own: in the place of the host's, beside it, or instead of it. Tries to
//! see the private key, and to hand back another.

use keywright_guest_vendors::uploaded_key::{UploadedKey, handle, uploaded};
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

/// A key whose private half the author has.
const MINE: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";

impl Twin for Hostile {
    type Of = UploadedKey;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let send = |key: Value| uploaded(&account.post("api", &["keys"])?.json(&key).send()?.success()?);
        let write = |kind: &str, text: String| {
            let answer = account.post("api", &["keys"])?.body(kind, text).send()?.success()?;
            uploaded(&answer)
        };
        let (handle, mine) = (handle(request)?, json!(MINE));
        match attack(request) {
            "own key" => send(json!({"key": {"public": MINE}})),
            "no key" => send(json!({"name": "without"})),
            "key in another member" => send(json!({"key": {"public": handle, "Public": MINE}})),
            "key behind the host's" => {
                write("application/json", format!(r#"{{"key": {{"public": "{handle}", "public": {mine}}}}}"#))
            }
            "key before the host's" => {
                write("application/json", format!(r#"{{"key": {{"public": {mine}, "public": "{handle}"}}}}"#))
            }
            "key in text" => write("text/plain", json!({"key": {"public": MINE}}).to_string()),
            "handle elsewhere" => send(json!({"name": handle, "key": {"public": handle}})),
            "key handed back" => Ok(send(json!({"key": {"public": handle}}))?.part("private_key", "mine")),
            "repeated key" => {
                let answer = account.post("api", &["keys"])?.json(&json!({"key": {"public": handle}}));
                let answer = answer.send()?.success()?;
                Ok(told(uploaded(&answer)?, seen(&answer, &[])))
            }
            _ => UploadedKey::create(account, request),
        }
    }
}

export!(Hostile);

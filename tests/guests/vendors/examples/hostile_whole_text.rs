//! Asks for the secret in JSON, of which the host knows nothing: what the adapter gets is a handle for the whole of it.

use keywright_guest_vendors::whole_text::{WholeText, whole};
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

impl Twin for Hostile {
    type Of = WholeText;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let make = |accept: &str| account.put("api", &["keys", "k1"])?.header("accept", accept).send()?.success();
        match attack(request) {
            "secret" => {
                let answer = make("text/plain")?;
                Ok(told(whole("k1", &answer), seen(&answer, &["etag"])))
            }
            "secret in JSON" => {
                let answer = make("application/json")?;
                Ok(told(whole("k1", &answer), seen(&answer, &[])))
            }
            // A part of the text, as if the rest of it were something else.
            "half of it" => {
                let mut made = whole("k1", &make("text/plain")?);
                let half: String = made.parts.get("secret").unwrap_or_default().chars().take(20).collect();
                made.parts = keywright_sdk::Parts::default();
                Ok(made.part("id", "k1").part("secret", half))
            }
            _ => WholeText::create(account, request),
        }
    }
}

export!(Hostile);

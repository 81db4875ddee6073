//! Tells what it sees of a secret that stands in a header: at its place, in another header, in the body; and sends the handle
//! where the vendor would take it for the secret.

use keywright_guest_vendors::header_secret::{HeaderSecret, from_header};
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

impl Twin for Hostile {
    type Of = HeaderSecret;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let make = || account.post("api", &["keys"])?.json(&json!({})).send()?.success();
        match attack(request) {
            "secret" => {
                let answer = make()?;
                Ok(told(from_header(&answer)?, seen(&answer, &["x-subject-token", "x-copy", "link"])))
            }
            // The one of two values that it names itself.
            "own secret" => {
                let keys = account.post("api", &["keys"])?.json(&json!({"token": "chosen-by-the-author"}));
                from_header(&keys.send()?.success()?)
            }
            "handle in a header" => {
                let made = from_header(&make()?)?;
                let handle = made.parts.get("secret").unwrap_or_default();
                let _shown = account.get("api", &["self"])?.header("X-Key", handle).send();
                Ok(made)
            }
            _ => HeaderSecret::create(account, request),
        }
    }
}

export!(Hostile);

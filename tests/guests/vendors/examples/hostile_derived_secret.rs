//! Tries to have a say in what is derived: hands it back itself, and has the vendor issue a token of the author's choice.

use keywright_guest_vendors::derived_secret::DerivedSecret;
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

impl Twin for Hostile {
    type Of = DerivedSecret;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let send = |key: Value| issued(&account.post("api", &["keys"])?.json(&key).send()?.success()?);
        match attack(request) {
            "derived part handed back" => Ok(send(json!({}))?.part("secret_access_key", "mine")),
            "own token" => send(json!({"token": "chosen-by-the-author"})),
            "no token" => {
                let made = send(json!({}))?;
                let id = made.credential.id;
                Ok(Issued::new(Credential::new(id.as_str(), json!({})))
                    .part("id", id)
                    .part("secret_access_key", "mine"))
            }
            _ => DerivedSecret::create(account, request),
        }
    }
}

export!(Hostile);

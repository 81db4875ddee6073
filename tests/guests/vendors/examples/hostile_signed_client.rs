//! Tries to learn the access token from a vendor that repeats it, and to get one of its own; tells what it sees of a private
//! key that the vendor makes, line by line.

use keywright_guest_vendors::signed_client::SignedClient;
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

impl Twin for Hostile {
    type Of = SignedClient;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        match attack(request) {
            "own token" => {
                let form = [("grant_type", "client_credentials"), ("client_id", "mine"), ("client_secret", "mine")];
                let answer = account.post("auth", &["token"])?.form(&form).send()?.success()?;
                Err(ended(&String::from_utf8_lossy(answer.body())))
            }
            "own authorization" => {
                let keys = account.post("api", &["keys"])?.json(&json!({})).header("authorization", "Bearer mine");
                keys.send()?.success().and_then(|answer| Err(answer.unexpected("it was taken")))
            }
            // What the vendor repeats of the request, and of the key that it made.
            "repeated secrets" => {
                let answer = account.post("api", &["keys"])?.json(&json!({})).send()?.success()?;
                let body: Value = answer.json()?;
                let (id, key) = (member(&answer, &body, "id")?, member(&answer, &body, "private_key")?);
                let made = Issued::new(Credential::new(id, json!({}))).part("client_id", id).part("private_key", key);
                Ok(told(made, seen(&answer, &[])))
            }
            _ => SignedClient::create(account, request),
        }
    }
}

export!(Hostile);

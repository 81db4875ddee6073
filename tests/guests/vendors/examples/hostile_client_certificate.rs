//! Tells what it sees of the private keys: of the new one, and of the administrator's, of which the vendor repeats lines.

use keywright_guest_vendors::client_certificate::ClientCertificate;
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

impl Twin for Hostile {
    type Of = ClientCertificate;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        if attack(request) != "repeated keys" {
            return ClientCertificate::create(account, request);
        }
        let answer = account.post("api", &["keys"])?.json(&json!({})).send()?.success()?;
        let body: Value = answer.json()?;
        let (id, key) = (member(&answer, &body, "id")?, member(&answer, &body, "private_key")?);
        let made = Issued::new(Credential::new(id, json!({}))).part("certificate", "none").part("private_key", key);
        let own = account.part("private_key").unwrap_or("not to be seen");
        let all = format!("{own} {}", String::from_utf8_lossy(answer.body()));
        Ok(told(made, veiled(&all)))
    }
}

export!(Hostile);

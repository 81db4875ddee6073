//! A vendor whose answer to a creation is the secret and nothing else. The caller chooses the id.

use keywright_sdk::Operation::Create;

use crate::*;

/// The vendor.
pub struct WholeText;

impl Vendor for WholeText {
    fn describe() -> Descriptor {
        administered_by_token(described("whole-text", "Keys in plain text", "key"))
            .scheme(Scheme::new("key").header("X-Key", "{parts.secret}"))
            .issued_part(Part::public("id", "id").identifies())
            .issued_part(Part::secret("secret", "secret").pattern("^[a-z0-9-]+$"))
            .rule(Rule::put(&[Create], "api", "/keys/{id}").mints("secret", "text"))
    }

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let id = attribute(request, "id");
        Ok(whole(id, &account.put("api", &["keys", id])?.send()?.success()?))
    }
}

/// The key whose secret is the whole of an answer.
pub fn whole(id: &str, answer: &Response) -> Issued {
    let secret = String::from_utf8_lossy(answer.body());
    Issued::new(Credential::new(id, json!({}))).part("id", id).part("secret", secret.trim())
}

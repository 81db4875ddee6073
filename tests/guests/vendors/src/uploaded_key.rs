//! A vendor that takes public keys. The host makes the pair and keeps the private key; requests with a key are
//! authenticated by a token that it signs.

use keywright_sdk::Jwt;

use crate::*;

/// The vendor.
pub struct UploadedKey;

impl Vendor for UploadedKey {
    fn describe() -> Descriptor {
        let token = Jwt::new("EdDSA", "{parts.private_key}", r#"{"iss": "{parts.id}"}"#, 60).key_id("{parts.id}");
        let descriptor = described("uploaded-key", "Public keys", "key");
        administered_by_token(descriptor)
            .scheme(Scheme::new("key").bearer_jwt(token))
            .issued_part(Part::public("id", "id").identifies())
            .issued_part(Part::secret("private_key", "private key").key_pair("ed25519", "spki-pem"))
            .rule(creation().minting().sends("parts.private_key", "/key/public"))
    }

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let key = json!({"name": attribute(request, "name"), "key": {"public": handle(request)?}});
        uploaded(&account.post("api", &["keys"])?.json(&key).send()?.success()?)
    }
}

/// What stands for the public key.
pub fn handle(request: &CreateRequest) -> Result<&str> {
    request.parts.get("private_key").ok_or_else(|| Failure::adapter_error("there is no key to send"))
}

/// The key of an answer. Its private half is the host's.
pub fn uploaded(answer: &Response) -> Result<Issued> {
    let body: Value = answer.json()?;
    let id = member(answer, &body, "id")?;
    Ok(Issued::new(Credential::new(id, json!({}))).part("id", id))
}

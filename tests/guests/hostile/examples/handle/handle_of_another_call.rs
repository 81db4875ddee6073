//! Hands back a handle of an earlier call: the secret of another key, or of another account.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, creation: &CreateRequest) -> Result<Issued> {
        let mut key = mint()?;
        let handle = key.handle.clone();
        if let Some(earlier) = creation.attributes.get("earlier").and_then(Value::as_str) {
            key.handle = earlier.to_owned();
        }
        Ok(key.issued_with(json!({"handle": handle})))
    }
}

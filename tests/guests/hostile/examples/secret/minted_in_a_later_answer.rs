//! Asks for the key after it was made, and the vendor shows the secret once more: by a rule that says nothing of
//! secrets.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        let later = get("/keys/k1").answer()?;
        Ok(key.issued_with(json!({"veiled": veiled(&later)})))
    }
}

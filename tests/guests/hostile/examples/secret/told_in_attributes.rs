//! Hands the secret back in an attribute, which is stored, printed and logged. It was granted to see what it mints.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        let secret = key.handle.clone();
        Ok(key.issued_with(json!({"note": secret, "deep": [{"note": format!("is {secret}.")}], secret.clone(): 1})))
    }
}

//! Tells attributes that are no JSON object, with the new key in its hands.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        Ok(key.issued_with(json!("no object")))
    }
}

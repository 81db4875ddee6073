//! The vendor tells the new secret in a header too, where no rule says that one is.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        let seen = veiled(&key.answer);
        Ok(key.issued_with(json!({"veiled": seen})))
    }
}

//! The vendor tells the new secret twice: at its place, and in an example of how to use it.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        let seen = veiled(&key.answer);
        Ok(key.issued_with(json!({"veiled": seen})))
    }
}

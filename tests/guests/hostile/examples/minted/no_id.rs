//! Tells no id, so that the key could not be found again.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let mut key = mint()?;
        key.id.clear();
        Ok(key.issued())
    }
}

//! Hands the secret back as the id of the key. It was granted to see what it mints.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let mut key = mint()?;
        key.id = key.handle.clone();
        Ok(key.issued())
    }
}

//! Hands back a handle that it made up.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let mut key = mint()?;
        key.handle = format!("secret-{:032x}", 1);
        Ok(key.issued())
    }
}

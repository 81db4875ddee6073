//! Hands back a secret that it made up: the operator would deploy a key that the author knows.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let mut key = mint()?;
        key.handle = "a-key-that-the-author-knows".to_owned();
        Ok(key.issued())
    }
}

//! Tells an id that rewrites the line of the terminal that it is printed on.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let mut key = mint()?;
        key.id = "k1\u{1b}[2K\rall keys were revoked".to_owned();
        Ok(key.issued())
    }
}

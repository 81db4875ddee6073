//! Makes two keys in one `create` and hands back one: the other is the adapter's to use, and nobody knows that it
//! exists.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        let _second = post("/keys", "{}").send();
        Ok(key.issued())
    }
}

//! Sends the handle to the vendor, for a host that puts the secret in its place on the way out.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test")
            .rule(Rule::get(&[Operation::Create], "api", "/keys/{id}?token").headers(&["x-note"]))
    }

    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        get(&["/keys/k1?token=", &key.handle].concat()).header("x-note", &key.handle).answer()?;
        Ok(key.issued())
    }
}

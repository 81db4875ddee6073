//! Hands the secret back in the message of a failure, which is printed and logged. It was granted to see what it mints.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        Err(Failure::new(Reason::Vendor(key.handle.clone()), format!("the secret is {}", key.handle))
            .with_request_id(Some(&key.handle)))
    }
}

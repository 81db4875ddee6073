//! A name and a password before the host: clients turn them into an `Authorization` header, which is not for an adapter
//! to set.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("user:password@vendor.test").tell()
    }
}

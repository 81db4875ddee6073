//! A colon and no port: the default to some, an error to others.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("vendor.test:").tell()
    }
}

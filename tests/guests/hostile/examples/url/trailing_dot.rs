//! The vendor's name with a dot behind it: the same to DNS, another to certificates and to whoever compares.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("vendor.test.").tell()
    }
}

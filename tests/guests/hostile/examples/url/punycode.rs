//! A host in punycode: which name that is depends on the reader.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("xn--vndor-3ve.test").tell()
    }
}

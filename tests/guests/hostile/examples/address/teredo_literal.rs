//! A private address within one of Teredo.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("[2001:0:a00:7::f5ff:fff8]").tell()
    }
}

//! A path in a header, which some front ends route by.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("X-Original-URL", "/admin").tell()
    }
}

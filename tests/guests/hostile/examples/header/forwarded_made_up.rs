//! A header of the same family that nobody has heard of yet.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("X-Forwarded-Whatever", "x").tell()
    }
}

//! A `TE` that asks for trailers, in which an answer could hide what is taken out of its body.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("TE", "trailers").tell()
    }
}

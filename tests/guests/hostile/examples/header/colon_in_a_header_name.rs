//! A name that is a header of its own.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("x-auth-token: mine\r\nx", "x").tell()
    }
}

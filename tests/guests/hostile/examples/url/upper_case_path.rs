//! A path in other letters: the same to a server that ignores case.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/KEYS/1").tell()
    }
}

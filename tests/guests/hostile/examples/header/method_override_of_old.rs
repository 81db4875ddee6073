//! The same under an older name.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("X-HTTP-Method", "DELETE").tell()
    }
}

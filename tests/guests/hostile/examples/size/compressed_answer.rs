//! A compressed answer, for which nobody asked: small on the way and large here, and no secret is found in it.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").tell()
    }
}

//! No host: the request would go wherever the host takes for its default.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("").tell()
    }
}

//! An authority that is not even given: the request would go wherever the host takes for its default.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        Request { authority: None, ..get("/keys/1") }.tell()
    }
}

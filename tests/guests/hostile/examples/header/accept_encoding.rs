//! A request for a compressed answer, in which no secret could be found.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("Accept-Encoding", "gzip").tell()
    }
}

//! The announcement of trailers.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("Trailer", "Authorization").tell()
    }
}

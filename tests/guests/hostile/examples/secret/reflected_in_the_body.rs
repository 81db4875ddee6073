//! The vendor shows the request as it arrived, authentication included: the adapter would read the secret that it works
//! with.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").tell()
    }
}

//! A cookie: the session of somebody else, at the same host.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("Cookie", "session=mine").tell()
    }
}

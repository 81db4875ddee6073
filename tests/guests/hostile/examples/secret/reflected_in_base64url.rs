//! The same in the base64 of URLs.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").tell()
    }
}

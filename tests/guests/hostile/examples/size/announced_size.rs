//! An answer that says it has a hundred gigabytes: room that is made beforehand would be all there is.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").tell()
    }
}

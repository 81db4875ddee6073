//! An address of a private network.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("10.0.0.7").tell()
    }
}

//! A multicast address.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("224.0.0.1").tell()
    }
}

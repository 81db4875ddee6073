//! A multicast address in IPv6.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("[ff02::1]").tell()
    }
}

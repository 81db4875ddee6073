//! Loopback as one decimal number, which resolvers take for an address.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("2130706433").tell()
    }
}

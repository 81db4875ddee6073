//! Loopback in hexadecimal, which resolvers take for an address.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("0x7f000001").tell()
    }
}

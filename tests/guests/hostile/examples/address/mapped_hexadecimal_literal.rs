//! Loopback mapped into IPv6, with nothing in it that looks like IPv4.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("[::ffff:7f00:1]").tell()
    }
}

//! Loopback mapped into IPv6, which systems dial as IPv4.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("[::ffff:127.0.0.1]").tell()
    }
}

//! Loopback in the old form that is compatible with IPv4.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("[::127.0.0.1]").tell()
    }
}

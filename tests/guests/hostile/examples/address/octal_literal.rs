//! Loopback with a leading zero: octal to resolvers, decimal to filters.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("0177.0.0.1").tell()
    }
}

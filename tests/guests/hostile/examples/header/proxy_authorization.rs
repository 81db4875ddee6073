//! A credential for proxies on the way.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("Proxy-Authorization", "Basic bWluZQ==").tell()
    }
}

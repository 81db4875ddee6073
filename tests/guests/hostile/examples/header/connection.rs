//! A `Connection` that names headers for proxies to drop: the authentication, say.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("Connection", "x-auth-token").tell()
    }
}

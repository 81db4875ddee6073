//! Whom the request comes from, under the older name.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("X-Forwarded-For", "127.0.0.1").tell()
    }
}

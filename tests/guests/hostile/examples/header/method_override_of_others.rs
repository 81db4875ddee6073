//! The same under the name that other frameworks look for.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("X-Method-Override", "DELETE").tell()
    }
}

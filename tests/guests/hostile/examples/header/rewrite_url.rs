//! The same under another name.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("X-Rewrite-URL", "/admin").tell()
    }
}

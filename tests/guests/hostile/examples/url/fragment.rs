//! A fragment behind the path: what follows `#` is cut by one parser and kept by the next.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1#/../admin").tell()
    }
}

//! A header of the author's own that steers nothing anyone knows of: to a server that nobody knows of it may.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("x-note", "x").tell()
    }
}

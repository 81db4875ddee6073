//! Two lengths: each server on the way believes another.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        post("/keys/1/notes", "abc").header("Content-Length", "3").header("Content-Length", "30").tell()
    }
}

//! A length and a `Transfer-Encoding`: the two ways to end a body, of which each server believes one.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        post("/keys/1/notes", "abc").header("Content-Length", "3").header("Transfer-Encoding", "chunked").tell()
    }
}

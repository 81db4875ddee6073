//! A length that is more than the body: the next request on the connection would be the rest of it.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        post("/keys/1/notes", "abc").header("Content-Length", "300").tell()
    }
}

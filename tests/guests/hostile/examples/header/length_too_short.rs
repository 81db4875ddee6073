//! A length that is less than the body: what is left over would be a request of its own.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        post("/keys/1/notes", "abcGET /admin HTTP/1.1").header("Content-Length", "3").tell()
    }
}

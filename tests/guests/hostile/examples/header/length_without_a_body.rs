//! A length and no body: the server waits, and takes the next request on the connection for the body of this one.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("Content-Length", "7").tell()
    }
}

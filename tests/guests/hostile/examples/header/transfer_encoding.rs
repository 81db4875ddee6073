//! A `Transfer-Encoding` beside the length that the host gives: where two servers disagree on the end of a request, the
//! rest is a request of its own.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("Transfer-Encoding", "chunked").tell()
    }
}

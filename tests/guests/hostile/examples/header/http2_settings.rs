//! The other half of an upgrade to HTTP/2 without TLS.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("HTTP2-Settings", "AAMAAABk").tell()
    }
}

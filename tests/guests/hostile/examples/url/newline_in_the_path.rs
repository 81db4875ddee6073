//! A line break in the path: written out as it is, it would end the request line and start headers of its own.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1 HTTP/1.1\r\nx-auth-token: mine\r\nx:").tell()
    }
}

//! A value folded over two lines, as HTTP once allowed: one header to some, two to others.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("x-note", "a\r\n b").tell()
    }
}

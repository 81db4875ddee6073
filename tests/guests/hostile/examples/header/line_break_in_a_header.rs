//! A line break in a value: the rest would be headers of its own.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("x-note", "a\r\nx-auth-token: mine").tell()
    }
}

//! A backslash in the path, which browsers and some servers read as a slash.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/..\\admin").tell()
    }
}

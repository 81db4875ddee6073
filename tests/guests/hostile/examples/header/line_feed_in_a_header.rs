//! A lone line feed in a value, which lenient servers take for a line break.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("x-note", "a\nx-auth-token: mine").tell()
    }
}

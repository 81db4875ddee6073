//! One header of a mebibyte.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("x-note", &"a".repeat(1 << 20)).tell()
    }
}

//! A NUL in a value: where C strings end.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("x-note", "a\0b").tell()
    }
}

//! `%00` in a segment: where C strings end.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1%00.txt").tell()
    }
}

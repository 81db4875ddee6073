//! `%5c` within a segment: Windows servers read it as a slash.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/..%5cadmin").tell()
    }
}

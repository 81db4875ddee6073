//! No scheme at all: whatever the host takes for its default.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        Request { scheme: None, ..get("/keys/1") }.tell()
    }
}

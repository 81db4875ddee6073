//! A name of seventy thousand letters, more than libraries expect.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header(&"a".repeat(70_000), "x").tell()
    }
}

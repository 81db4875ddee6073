//! An `Upgrade` to another protocol, in which nothing is checked any more.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("Upgrade", "h2c").tell()
    }
}

//! The port that is meant anyway: the same place under a second spelling.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("vendor.test:443").tell()
    }
}

//! Port 0: no port at all, which some replace by the default.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("vendor.test:0").tell()
    }
}

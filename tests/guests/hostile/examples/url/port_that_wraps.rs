//! Port 65979, which is 443 once it is cut to sixteen bits.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("vendor.test:65979").tell()
    }
}

//! Another port of the vendor's host: what listens there is not what was granted.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("vendor.test:8443").tell()
    }
}

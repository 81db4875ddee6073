//! Port `0443`: 443 in decimal, 291 in octal.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("vendor.test:0443").tell()
    }
}

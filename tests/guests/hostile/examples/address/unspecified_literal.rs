//! The unspecified address, which systems connect to loopback.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("0.0.0.0").tell()
    }
}

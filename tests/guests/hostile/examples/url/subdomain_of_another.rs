//! The name of the vendor as a label of another domain: it starts as the rules demand.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("vendor.test.evil.example").tell()
    }
}

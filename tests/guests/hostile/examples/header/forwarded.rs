//! Whom the request comes from: an address that the vendor allows, say.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("Forwarded", "for=10.0.0.1;host=evil.example").tell()
    }
}

//! A second `Host`: front ends route by one of the two.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("Host", "evil.example").tell()
    }
}

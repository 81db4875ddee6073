//! The host that was asked for, to who believes proxies.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("X-Forwarded-Host", "evil.example").tell()
    }
}

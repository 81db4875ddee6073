//! Loopback in two numbers, as `inet_aton` reads it.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("127.1").tell()
    }
}

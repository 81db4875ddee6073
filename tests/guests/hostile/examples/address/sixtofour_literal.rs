//! Loopback within an address of 6to4.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("[2002:7f00:1::]").tell()
    }
}

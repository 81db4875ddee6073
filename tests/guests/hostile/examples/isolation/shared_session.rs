//! Two accounts at one host that closes connections: one would resume the TLS session of the other, and the vendor
//! could tell that they are one.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").tell()
    }
}

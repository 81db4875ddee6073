//! Two accounts at one host: the requests of one would go out on a connection of the other, as HTTP clients that keep
//! them by host do.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").tell()
    }
}

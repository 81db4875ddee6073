//! The same in the message of an error, as debug pages have it.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").tell()
    }
}

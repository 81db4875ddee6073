//! An empty last segment: to many servers the same as none, to the rules another path.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1/").tell()
    }
}

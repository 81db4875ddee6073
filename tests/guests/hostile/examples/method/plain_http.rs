//! `http`: everything, authentication included, could be read on the way.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").over(Scheme::Http).tell()
    }
}

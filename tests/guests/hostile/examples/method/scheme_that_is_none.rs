//! A scheme that is no word.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").over(Scheme::Other("no scheme".to_owned())).tell()
    }
}

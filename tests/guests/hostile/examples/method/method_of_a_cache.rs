//! `PURGE`, which caches obey.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").by(Method::Other("PURGE".to_owned())).tell()
    }
}

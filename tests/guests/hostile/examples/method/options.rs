//! `OPTIONS`, which no rule can name.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").by(Method::Options).tell()
    }
}

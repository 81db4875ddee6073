//! `TRACE`: the answer holds the request as it arrived, authentication included.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").by(Method::Trace).tell()
    }
}

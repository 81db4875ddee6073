//! `CONNECT`: a tunnel to whom the adapter likes.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").by(Method::Connect).tell()
    }
}

//! An `Authorization` of its own: the request would be made with a credential that the operator does not know of.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("Authorization", "Bearer mine").tell()
    }
}

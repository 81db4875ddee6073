//! A space before the colon, which some servers drop and some do not.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("x-auth-token ", "mine").tell()
    }
}

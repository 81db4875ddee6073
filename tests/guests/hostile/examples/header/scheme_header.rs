//! The header in which the host authenticates: the adapter's value would go beside the host's, or in its place.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("x-auth-token", "mine").tell()
    }
}

//! An `Expect`: the answer `100 Continue` would come before the one that counts.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("Expect", "100-continue").tell()
    }
}

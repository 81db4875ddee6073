//! `*` in the place of the path: no rule could name it.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("*").tell()
    }
}

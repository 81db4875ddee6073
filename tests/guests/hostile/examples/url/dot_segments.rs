//! `..` after a segment that the rules allow: a server that normalises finds another path than the one that was
//! checked.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/../admin").tell()
    }
}

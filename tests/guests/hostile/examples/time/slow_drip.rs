//! An answer of one byte after another, each in time, without end: a limit between bytes never strikes.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").tell()
    }
}

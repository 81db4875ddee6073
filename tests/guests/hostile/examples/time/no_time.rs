//! Timeouts of zero, which have made hosts panic.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        Request { timeouts: Some(0), ..get("/keys/1") }.tell()
    }
}

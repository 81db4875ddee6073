//! Timeouts of centuries, which have made hosts overflow, from a server that never answers.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        Request { timeouts: Some(u64::MAX), ..get("/keys/1") }.tell()
    }
}

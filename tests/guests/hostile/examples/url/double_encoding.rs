//! `%252e`: plain text after one decoding, dots after two.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/%252e%252e").tell()
    }
}

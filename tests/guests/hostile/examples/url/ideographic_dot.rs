//! A host with the full stop of Chinese text, which IDNA reads as a dot.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("vendor\u{3002}test").tell()
    }
}

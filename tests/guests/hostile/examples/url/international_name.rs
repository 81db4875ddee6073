//! A host with a letter that looks like another: `vendor` with a Cyrillic `е`.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("v\u{435}ndor.test").tell()
    }
}

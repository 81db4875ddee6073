//! A length with a sign, which parsers read in two ways.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        post("/keys/1/notes", "abc").header("Content-Length", "+3").tell()
    }
}

//! A trailer of no meaning: a place behind the body that no rule and no check reads.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        Request { trailers: vec![("x-note".to_owned(), b"x".to_vec())], ..post("/keys/1/notes", "{}") }.tell()
    }
}

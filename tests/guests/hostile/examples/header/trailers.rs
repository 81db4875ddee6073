//! An `Authorization` behind the body, where nobody looks for headers.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        Request { trailers: vec![("authorization".to_owned(), b"Bearer mine".to_vec())], ..post("/keys/1/notes", "{}") }.tell()
    }
}

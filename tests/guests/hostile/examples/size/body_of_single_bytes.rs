//! A body that is written byte by byte: kept as it comes, each byte would take a hundred.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        Request { body: vec![vec![b'x']; 50_000], ..post("/keys/1/notes", "") }.tell()
    }
}

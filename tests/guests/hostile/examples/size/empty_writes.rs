//! Fifty thousand empty pieces of a body: no size is ever reached, and each is kept.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        Request { body: vec![Vec::new(); 50_000], ..post("/keys/1/notes", "") }.tell()
    }
}

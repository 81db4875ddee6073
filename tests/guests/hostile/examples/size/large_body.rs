//! A request of four megabytes: the host keeps it whole, to sign it.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        Request { body: vec![vec![b'x'; 4096]; 1000], ..post("/keys/1/notes", "") }.tell()
    }
}

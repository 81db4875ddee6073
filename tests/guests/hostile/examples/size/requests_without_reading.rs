//! Ten thousand requests, of which no answer is read.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let mut hoard = Vec::new();
        for _ in 0..10_000 {
            hoard.push(start(get("/keys/1"))?.go().map_err(ended)?);
        }
        tell(json!({"sent": hoard.len()}))
    }
}

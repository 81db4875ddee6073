//! Large answers, each of which is within its limit and left in the host.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let mut hoard = Vec::new();
        for _ in 0..20 {
            hoard.push(start(get("/keys/1"))?.arrive().map_err(ended)?);
        }
        tell(json!({"kept": hoard.len()}))
    }
}

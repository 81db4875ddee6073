//! One request after another, each read: the vendor would be flooded in the name of the operator.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        loop {
            let _read = get("/keys/1").answer();
        }
    }
}

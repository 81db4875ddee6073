//! A method that servers make of what follows: `DELETE` for those that look at its start only.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").by(Method::Other("DELETEX".to_owned())).tell()
    }
}

//! `get` in small letters: another method to the rules, the same to lenient servers.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").by(Method::Other("get".to_owned())).tell()
    }
}

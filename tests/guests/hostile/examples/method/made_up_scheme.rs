//! Another scheme: files, perhaps, or mail.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").over(Scheme::Other("ftp".to_owned())).tell()
    }
}

//! The metadata service of a cloud, which hands out the machine's own credentials.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("169.254.169.254").tell()
    }
}

//! The vendor in capitals: the same host, which must be dialled, asked for and named in one spelling.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("VENDOR.TEST").tell()
    }
}

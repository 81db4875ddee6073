//! Metadata behind the prefix of NAT64, which a gateway translates back.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("[64:ff9b::a9fe:a9fe]").tell()
    }
}

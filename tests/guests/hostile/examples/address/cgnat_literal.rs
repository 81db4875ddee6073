//! An address shared behind a provider's translation, where some clouds keep their metadata.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("100.100.100.200").tell()
    }
}

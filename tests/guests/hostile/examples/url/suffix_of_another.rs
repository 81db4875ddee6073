//! The name of the vendor as the end of another: it ends as the rules demand.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("notvendor.test").tell()
    }
}

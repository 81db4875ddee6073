//! `.%2E`: half of it encoded, for filters that look for either form.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/.%2E").tell()
    }
}

//! A query and no path: the path would be whatever the host takes for none.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("?target=/admin").tell()
    }
}

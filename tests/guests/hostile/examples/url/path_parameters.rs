//! `;` in a segment: some servers cut it off with what follows, so that `/keys;/1` is `/keys/1`.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/..;/admin").tell()
    }
}

//! A tab in the path, which URL parsers drop in silence: `/ke<TAB>ys` would be checked as one path and read as another.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/ke\tys/1").tell()
    }
}

//! An empty segment: servers that merge slashes see another path, and `//host` starts a URL without a scheme.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("//keys/1").tell()
    }
}

//! A host and port in the place of the path, as `CONNECT` has it: a proxy on the way would open a tunnel.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("evil.example:443").tell()
    }
}

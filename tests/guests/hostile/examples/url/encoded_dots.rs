//! `..` as `%2e%2e`: two segments to the rules, none to a server that decodes first.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/%2e%2e").tell()
    }
}

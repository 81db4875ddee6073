//! A path of sixty thousand characters: the denial that quotes it would be as long.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get(&["/admin/", &"a".repeat(60_000)].concat()).tell()
    }
}

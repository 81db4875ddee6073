//! `%2f` within a segment: one segment to the rules, two to a server that decodes first.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1%2fadmin").tell()
    }
}

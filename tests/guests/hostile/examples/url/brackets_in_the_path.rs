//! Braces in the path: a rule writes its placeholders so, and must not match them as text.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/{id}/more").tell()
    }
}

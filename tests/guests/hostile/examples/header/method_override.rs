//! A method in a header: allowed as POST, and taken for a DELETE by servers that honour it.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("X-HTTP-Method-Override", "DELETE").tell()
    }
}

//! A whole URL in the place of the path: sent as it is, the request line names another host than the one that was
//! checked, and a shared front end believes the request line.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("http://evil.example/keys/1").tell()
    }
}

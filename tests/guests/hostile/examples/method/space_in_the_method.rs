//! A space in the method: written out as it is, the request line would have the path of the adapter.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").by(Method::Other("GET /admin".to_owned())).tell()
    }
}

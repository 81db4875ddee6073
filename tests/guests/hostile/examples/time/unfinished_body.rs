//! A request whose body is never finished, waited for: the host waits for the adapter, which waits for the host.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        start(post("/keys/1/notes", ""))?.wait().map_err(ended)?.tell()
    }
}

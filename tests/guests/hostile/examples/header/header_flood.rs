//! Ten thousand headers: enough for a table of headers to fail in ways that it was never seen to.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let mut request = get("/keys/1");
        for number in 0..10_000 {
            request = request.header(&format!("x-note-{number}"), "x");
        }
        request.tell()
    }
}

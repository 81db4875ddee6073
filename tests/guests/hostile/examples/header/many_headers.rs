//! As many headers as one set takes without a word, all of a name that adapters may set: a request that is many times its
//! size.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let mut request = get("/keys/1");
        for number in 0..150 {
            request = request.header("accept", &format!("text/x-{number}"));
        }
        request.tell()
    }
}

//! Ten megabytes on the standard error, which the host keeps for its log.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        use std::io::Write as _;
        for _ in 0..10_000 {
            let _ignored = std::io::stderr().write_all(&[b'x'; 1024]);
        }
        get("/keys/1").tell()
    }
}

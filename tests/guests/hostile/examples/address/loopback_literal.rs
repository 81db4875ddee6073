//! Loopback as it is usually written: the services of the host's own machine.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("127.0.0.1").tell()
    }
}

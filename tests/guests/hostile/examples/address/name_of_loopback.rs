//! A name of the author's own, which his DNS says is at loopback: the rule names a host, and the host is this machine.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://api.hostile.example")
    }

    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("api.hostile.example").tell()
    }
}

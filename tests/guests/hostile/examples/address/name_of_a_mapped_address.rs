//! A name of the author's own at an IPv6 address that holds an IPv4 one: loopback, behind forms that filters miss.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://api.hostile.example")
    }

    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("api.hostile.example").tell()
    }
}

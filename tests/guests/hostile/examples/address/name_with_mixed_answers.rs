//! A name with a public address and a private one: whoever judges the first may dial the second.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://api.hostile.example")
    }

    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("api.hostile.example").tell()
    }
}

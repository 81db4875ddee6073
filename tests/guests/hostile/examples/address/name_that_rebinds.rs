//! A name that is public when it is looked up first and loopback when it is looked up again: whoever looks up twice
//! checks one and dials the other.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://api.hostile.example")
    }

    fn check(_: &Account) -> Result<Principal> {
        let first = get("/keys/1").to("api.hostile.example").send();
        let second = get("/keys/1").to("api.hostile.example").send();
        tell(json!({"first": first.is_ok(), "second": second.is_ok()}))
    }
}

//! Sends a request while it describes itself: before anybody has looked at what it asks for.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        match get("/keys/1").send() {
            Ok(_) => described("https://sent.test"),
            Err(_) => described("https://vendor.test"),
        }
    }
}

//! Waits for none of no events.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        wasi::io::poll::poll(&[]);
        tell(json!({}))
    }
}

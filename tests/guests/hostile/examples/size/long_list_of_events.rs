//! One event, waited for a million times at once: a list that is short here and long in the host.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let timer = wasi::clocks::monotonic_clock::subscribe_duration(0);
        let ready = wasi::io::poll::poll(&vec![&timer; 1_000_000]);
        tell(json!({"ready": ready.len()}))
    }
}
